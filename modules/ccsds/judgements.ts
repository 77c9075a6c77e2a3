/**
 * What is known of a packet before somebody looks at it: each judgement is made once on its way, by whoever meets it first.
 * A framing says what it judges (`Framing.judged`), and whoever hands a packet on says what is known of it. Bits, to be
 * added up; who is told nothing looks at everything.
 */

/** Nothing: a framing such as COBS carries any bytes. */
export const NOTHING_JUDGED = 0;
/** The bytes are a space packet: `checkSpacePacket` would say `VALID`. */
export const HEADER_JUDGED = 1;
/** The packet has the APID of whom it is given to, so it is no idle packet either. */
export const APID_JUDGED = 2;
/** Its last two octets are the CRC-16 of the others. */
export const CRC16_JUDGED = 4;
