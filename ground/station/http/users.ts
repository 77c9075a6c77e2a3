/** People who may use a station beyond this computer: a file with a line for each, `NAME:ROLE:scrypt:N:SALT:HASH`. */
import { randomBytes, scrypt as scryptOf, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Role } from "./route.js";

const scrypt = promisify<string, Buffer, number, { N: number; maxmem: number }, Buffer>(scryptOf);

/** What scrypt costs: about 50 ms and 16 MiB. */
const COST = 16_384;
const MAX_COST = 1 << 20;
const SALT_LENGTH = 16;
const HASH_LENGTH = 32;
const MEMORY_PER_COST = 2048;
const NAME_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;
/** Right passwords that are remembered, so that not every request takes as long as scrypt. */
const MAX_REMEMBERED = 100;

export interface User {
  readonly name: string;
  readonly role: Role;
  readonly cost: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** @throws RangeError */
export function checkUserName(name: string): void {
  if (!NAME_PATTERN.test(name)) {
    throw new RangeError(`a user's name has 1 to 64 letters, digits, dots, hyphens and underscores, unlike "${name}"`);
  }
}

/** A line of the file. */
export async function userLine(name: string, role: Role, password: string): Promise<string> {
  checkUserName(name);
  const salt = randomBytes(SALT_LENGTH);
  const hash = await derive(password, salt, HASH_LENGTH, COST);
  return [name, role, "scrypt", COST, salt.toString("base64"), hash.toString("base64")].join(":");
}

function derive(password: string, salt: Buffer, length: number, cost: number): Promise<Buffer> {
  return scrypt(password.normalize("NFC"), salt, length, { N: cost, maxmem: cost * MEMORY_PER_COST });
}

/**
 * @param file empty lines and those that begin with `#` mean nothing
 * @throws Error in one line: the file cannot be read, a line is none of its lines, nobody is in it
 */
export function readUsers(file: string): readonly User[] {
  const users = readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line, k) => ({ line: line.trim(), number: k + 1 }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, number }) => parseUser(line, `${file}, line ${number}`));
  if (users.length === 0) {
    throw new Error(`${file}: nobody is in it; "flatlink ground user NAME" makes a line`);
  }
  return users;
}

function parseUser(line: string, where: string): User {
  const [name = "", role, kind, costText, saltText = "", hashText = "", ...rest] = line.split(":");
  const cost = Number(costText);
  const salt = Buffer.from(saltText, "base64");
  const hash = Buffer.from(hashText, "base64");
  const isCost = Number.isInteger(Math.log2(cost)) && cost > 1 && cost <= MAX_COST;
  if (!NAME_PATTERN.test(name) || (role !== "viewer" && role !== "operator") || kind !== "scrypt" || rest.length > 0) {
    throw new Error(`${where}: it must be NAME:viewer|operator:scrypt:N:SALT:HASH`);
  }
  if (!isCost || salt.length < SALT_LENGTH || hash.length !== HASH_LENGTH) {
    throw new Error(`${where}: N, the salt or the hash of ${name} is damaged`);
  }
  return { name, role, cost, salt, hash };
}

export class Users {
  readonly #users: ReadonlyMap<string, User>;
  /** By the header, whose digest it is not worth making: it is in memory only while the station runs. */
  readonly #remembered = new Map<string, User>();
  /** One password after another: guesses do not take the whole machine. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(users: readonly User[]) {
    this.#users = new Map(users.map((user) => [user.name, user]));
  }

  /**
   * @param header of HTTP's Basic authentication
   * @returns undefined: nobody
   */
  async find(header: string | undefined): Promise<User | undefined> {
    const credentials = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? "")?.[1];
    if (credentials === undefined) {
      return undefined;
    }
    const known = this.#remembered.get(credentials);
    if (known !== undefined) {
      return known;
    }
    const text = Buffer.from(credentials, "base64").toString("utf8");
    const end = text.indexOf(":");
    // Whoever guesses waits as long as everybody, and not with hundreds of others.
    if (end < 0 || this.#waiting >= MAX_REMEMBERED) {
      return undefined;
    }
    this.#waiting++;
    const checked = this.#turn.then(() => this.#check(text.slice(0, end), text.slice(end + 1)));
    this.#turn = checked.catch(() => {});
    try {
      const user = await checked;
      if (user !== undefined && this.#remembered.size < MAX_REMEMBERED) {
        this.#remembered.set(credentials, user);
      }
      return user;
    } finally {
      this.#waiting--;
    }
  }

  /** A name that there is not takes as long as one that there is. */
  async #check(name: string, password: string): Promise<User | undefined> {
    const user = this.#users.get(name);
    const { cost, salt } = user ?? { cost: COST, salt: Buffer.alloc(SALT_LENGTH) };
    const found = await derive(password, salt, HASH_LENGTH, cost);
    return user !== undefined && timingSafeEqual(found, user.hash) ? user : undefined;
  }
}
