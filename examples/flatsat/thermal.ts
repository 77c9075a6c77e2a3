/** Four temperatures in degC. Each goes towards one that depends on its neighbours, the slower the heavier it is. */

/** Where the panel would end: in the sun, in the dark. */
const PANEL_SUN = 65;
const PANEL_DARK = -45;
/** How many seconds until a part has gone two thirds of its way. */
const PANEL_S = 60;
const BOARD_S = 200;
const BATTERY_S = 150;
const PAYLOAD_S = 90;
/** Of the board: without panel and load, the panel's share, and K a watt. */
const BOARD = 4;
const FROM_PANEL = 0.25;
const PER_WATT = 4;
/** Of the battery: how much colder than the board, and what the heater adds. */
const COLDER = 12;
const HEATER = 18;
/** Of the payload, while it is on. */
const PAYLOAD = 48;

export class Thermal {
  panel = 0;
  board = 15;
  battery = 6;
  payload = 15;

  /** @param load in watts, without heater and payload */
  step(seconds: number, sunlit: boolean, load: number, heaterOn: boolean, payloadOn: boolean): void {
    this.panel = towards(this.panel, sunlit ? PANEL_SUN : PANEL_DARK, seconds / PANEL_S);
    this.board = towards(this.board, BOARD + FROM_PANEL * this.panel + PER_WATT * load, seconds / BOARD_S);
    this.battery = towards(this.battery, this.board - COLDER + (heaterOn ? HEATER : 0), seconds / BATTERY_S);
    this.payload = towards(this.payload, this.board + (payloadOn ? PAYLOAD : 0), seconds / PAYLOAD_S);
  }
}

function towards(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
