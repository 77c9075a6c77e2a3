/**
 * Small faults in a compiled file, and one text that holds all of them: each stands behind a number, and `globalThis.mutant`
 * says whether it is the one that is made.
 *
 * Nothing is changed in what a message or a help text says, nor in what a constructor only keeps.
 */
import { type AnyNode, type Node, parse } from "acorn";

export interface Mutant {
  /** File, line and change, as text: stays the same when lines move. */
  readonly key: string;
  readonly file: string;
  /** In the compiled file, from 1. */
  readonly line: number;
  readonly id: number;
}

interface Change {
  readonly id: number;
  /** Undefined: a statement that is left out. */
  readonly instead: string | undefined;
}

const BOUNDARIES: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const OPPOSITES: Readonly<Record<string, string>> = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
  "+": "-",
  "-": "+",
  "*": "/",
  "%": "*",
  "&": "|",
  "|": "&",
  "<<": ">>",
  ">>": "<<",
  ">>>": "<<",
  "+=": "-=",
  "-=": "+=",
  "++": "--",
  "--": "++",
};
/** Properties that are text for people. */
const TEXTS = new Set(["help", "description", "example", "name"]);

/** All mutants of one file. */
export class MutatedFile {
  readonly mutants: Mutant[] = [];
  readonly #program: AnyNode;
  readonly #file: string;
  readonly #source: string;
  readonly #lineStarts: number[] = [0];
  readonly #keys = new Map<string, number>();
  readonly #firstId: number;
  #nextId = 0;
  /** Those that the text is to hold. Undefined: they are being looked for. */
  #wanted: ReadonlySet<number> | undefined;

  /**
   * @param file its path, for the keys
   * @param source the compiled file's text
   * @param firstId of its mutants; the others follow
   */
  constructor(file: string, source: string, firstId: number) {
    this.#file = file;
    this.#source = source;
    this.#firstId = firstId;
    for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) {
      this.#lineStarts.push(at + 1);
    }
    this.#program = parse(source, { ecmaVersion: "latest", sourceType: "module" });
    this.#renderAll();
  }

  /** The file with some of its mutants in it. */
  textWith(wanted: ReadonlySet<number>): string {
    this.#wanted = wanted;
    return `const mutant = globalThis.mutant;\n${this.#renderAll()}`;
  }

  #renderAll(): string {
    this.#nextId = this.#firstId;
    return this.#render(this.#program, []);
  }

  #render(node: AnyNode, above: readonly AnyNode[]): string {
    if (isSkipped(node)) {
      return this.#slice(node);
    }
    const changes = this.#changes(node, above);
    const inside = [...above, node];
    let text = "";
    let at = node.start;
    for (const child of childrenOf(node)) {
      text += this.#source.slice(at, child.start) + this.#render(child, inside);
      at = child.end;
    }
    text += this.#source.slice(at, node.end);
    for (const { id, instead } of changes) {
      if (this.#wanted?.has(id) === false) {
        continue;
      }
      text = instead === undefined ? `{if(!mutant(${id})){${text}}}` : `(mutant(${id})?(${instead}):${text})`;
    }
    return text;
  }

  #changes(node: AnyNode, above: readonly AnyNode[]): Change[] {
    const parent = above.at(-1);
    const changes: Change[] = [];
    const change = (instead: string | undefined): void => {
      changes.push({ id: this.#note(node, instead), instead });
    };
    const isTest = parent !== undefined && "test" in parent && parent.test === node && parent.type !== "SwitchCase";
    switch (node.type) {
      case "BinaryExpression":
      case "LogicalExpression":
      case "AssignmentExpression": {
        if (node.operator.startsWith("+") && isText(node)) {
          break;
        }
        const [left, right] = [this.#operand(node.left), this.#operand(node.right)];
        const boundary = BOUNDARIES[node.operator];
        if (boundary !== undefined) {
          change(`${left} ${boundary} ${right}`);
        }
        // As a condition it is made true and false.
        if (OPPOSITES[node.operator] !== undefined && !(isTest && boundary !== undefined)) {
          change(`${left} ${OPPOSITES[node.operator]} ${right}`);
        }
        break;
      }
      case "UpdateExpression":
        if (!(parent?.type === "ForStatement" && parent.update === node)) {
          const operand = this.#slice(node.argument);
          const operator = OPPOSITES[node.operator];
          change(node.prefix ? `${operator}${operand}` : `${operand}${operator}`);
        }
        break;
      case "UnaryExpression":
        if (node.operator === "!" || node.operator === "-") {
          change(this.#slice(node.argument));
        }
        break;
      case "Literal":
        if (typeof node.value === "boolean") {
          change(String(!node.value));
        } else if ((node.value === 0 || node.value === 1) && parent?.type !== "UnaryExpression") {
          change(String(1 - node.value));
        }
        break;
      case "ExpressionStatement":
        if (!isKept(node.expression, above)) {
          change(undefined);
        }
        break;
      case "ContinueStatement":
        change(undefined);
        break;
      case "ReturnStatement":
        if (node.argument == null) {
          change(undefined);
        }
        break;
    }
    if (isTest && !(node.type === "Literal")) {
      change("false");
      // A loop without an end says nothing about the tests.
      if (parent.type === "IfStatement" || parent.type === "ConditionalExpression") {
        change("true");
      }
    }
    if (parent?.type === "ReturnStatement" && node.type !== "Literal" && this.#slice(node) !== "undefined") {
      change("undefined");
    }
    return changes;
  }

  #note(node: Node, instead: string | undefined): number {
    const id = this.#nextId++;
    if (this.#wanted !== undefined) {
      return id;
    }
    const start = this.#lineStarts.findLastIndex((each) => each <= node.start);
    const line = this.#source.slice(this.#lineStarts[start], this.#lineStarts[start + 1] ?? this.#source.length).trim();
    const change = instead === undefined ? "left out" : `${this.#slice(node)} -> ${instead}`;
    const base = `${this.#file}: ${line}: ${change}`.replaceAll(/\s+/g, " ");
    const seen = (this.#keys.get(base) ?? 0) + 1;
    this.#keys.set(base, seen);
    this.mutants.push({ id, file: this.#file, line: start + 1, key: seen === 1 ? base : `${base} (${seen})` });
    return id;
  }

  #operand(node: AnyNode): string {
    const isCompound = /^(Binary|Logical|Conditional|Assignment|ArrowFunction)Expression$/.test(node.type);
    return isCompound ? `(${this.#slice(node)})` : this.#slice(node);
  }

  #slice(node: Node): string {
    return this.#source.slice(node.start, node.end);
  }
}

function isSkipped(node: AnyNode): boolean {
  switch (node.type) {
    case "ThrowStatement":
    case "TemplateLiteral":
    case "ImportDeclaration":
    case "ExportSpecifier":
      return true;
    case "Property":
      return node.key.type === "Identifier" && TEXTS.has(node.key.name);
    case "NewExpression":
      return node.callee.type === "Identifier" && node.callee.name.endsWith("Error");
    default:
      return false;
  }
}

function isText(node: AnyNode): boolean {
  return (
    node.type === "TemplateLiteral" ||
    (node.type === "Literal" && typeof node.value === "string") ||
    ((node.type === "BinaryExpression" || node.type === "AssignmentExpression") &&
      (isText(node.left) || isText(node.right)))
  );
}

/** `super()`, directives, and what a constructor keeps of its parameters: without them nothing works at all. */
function isKept(node: AnyNode, above: readonly AnyNode[]): boolean {
  if (node.type === "Literal" || (node.type === "CallExpression" && node.callee.type === "Super")) {
    return true;
  }
  const isInConstructor = above.some((each) => each.type === "MethodDefinition" && each.kind === "constructor");
  return (
    isInConstructor &&
    node.type === "AssignmentExpression" &&
    node.left.type === "MemberExpression" &&
    node.left.object.type === "ThisExpression" &&
    node.right.type === "Identifier"
  );
}

function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const [name, value] of Object.entries(node) as [string, unknown][]) {
    if (name === "key" && !("computed" in node && node.computed)) {
      continue;
    }
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each?.type === "string") {
        children.push(each as AnyNode);
      }
    }
  }
  return children.sort((a, b) => a.start - b.start);
}
