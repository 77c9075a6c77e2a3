/** ST[17] test (ECSS-E-ST-70-41C, 6.17 and 8.17): is anybody there? */
import { CONNECTION_TEST_FAILED, SUCCESS, UNKNOWN_APPLICATION_PROCESS } from "./failure-codes.js";
import {
  ARE_YOU_ALIVE_REPORT,
  ON_BOARD_CONNECTION_TEST_REPORT,
  TEST_MESSAGES,
  TEST_SERVICE,
} from "./messages/st17-messages.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService } from "./service.js";

/** An application process that the on-board connection test can reach. */
export interface ConnectionTest {
  /** Its APID. */
  readonly apid: number;
  /** Whether it answers. At once: the test does not wait. */
  test(): boolean;
}

const APID_WIDTH = 2;

export class TestService {
  readonly #reports: ReportWriter;
  readonly #connections: readonly ConnectionTest[];

  /** @param connections what 17,3 can test; the board's own APID always answers */
  constructor(reports: ReportWriter, connections: readonly ConnectionTest[] = []) {
    this.#reports = reports;
    this.#connections = connections;
  }

  /** For the dispatcher. */
  asService(): PusService {
    return {
      name: "test",
      definition: TEST_MESSAGES,
      requests: {
        areYouAlive: { execute: () => this.#answer() },
        onBoardConnectionTest: {
          start: (request) => this.#checkApid(request),
          execute: (request) => this.#testConnection(request),
        },
      },
    };
  }

  #answer(): number {
    if (this.#reports.begin(TEST_SERVICE, ARE_YOU_ALIVE_REPORT, 0)) {
      this.#reports.end();
    }
    return SUCCESS;
  }

  #find(apid: number): ConnectionTest | undefined {
    for (let i = 0; i < this.#connections.length; i++) {
      const connection = this.#connections[i]!;
      if (connection.apid === apid) {
        return connection;
      }
    }
    return undefined;
  }

  #checkApid(request: PusRequest): number {
    const apid = request.uint16(0);
    if (apid === this.#reports.apid || this.#find(apid) !== undefined) {
      return SUCCESS;
    }
    request.failureData = apid;
    return UNKNOWN_APPLICATION_PROCESS;
  }

  #testConnection(request: PusRequest): number {
    const apid = request.uint16(0);
    if (this.#find(apid)?.test() === false) {
      request.failureData = apid;
      return CONNECTION_TEST_FAILED;
    }
    if (this.#reports.begin(TEST_SERVICE, ON_BOARD_CONNECTION_TEST_REPORT, APID_WIDTH)) {
      this.#reports.putUint16(apid);
      this.#reports.end();
    }
    return SUCCESS;
  }
}
