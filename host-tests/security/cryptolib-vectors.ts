/**
 * Facts of CryptoLib (nasa/CryptoLib, commit 2a237a3): frames and keys of its unit tests, and frames that it made.
 *
 * Where it differs from what is usual here: its association table leaves the mask of zeros, so that nothing of the headers is
 * authenticated; its frames have a segment header, unless the managed parameters say otherwise; and its unit tests have a
 * sequence number field of two octets behind the IV, or the lower half of the IV only, neither of which is taken here. So of
 * those tests, what goes into AES-GCM is compared.
 */
import type { Vector } from "../crypto/gcm-cases.js";

/** Key of test/unit/ut_tc_process.c, which has it of NIST's vectors. */
const NIST_KEY = "ef9f9284cf599eac3b119905a7d18851e7e374cf63aea04358586b0f757670f8";
/** Key 130 of src/key/internal/key_interface_internal.template.c. */
export const KEY_130 = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
const NIST_TEXT = "1224dfefb72a20d49e09256908874979";

/** Of a frame with header, segment header, SPI, IV and sequence number: 5 + 1 + 2 + 12 + 2 octets, all masked. */
const WITH_SEQUENCE_NUMBER = "00".repeat(22);
/** With half of the IV: 5 + 1 + 2 + 6 octets, all masked. */
const WITH_HALF_AN_IV = "00".repeat(14);
/** The packet in those frames. */
const PACKET = "80d2c70008197f0b00310000b1fe";

export const vectors: readonly Vector[] = [
  // GCM_IV_AND_ARSN: good_iv_good_arsn, good_iv_gap_good_arsn_gap, bad_iv_good_arsn.
  {
    key: NIST_KEY,
    iv: "b6ac8e4963f49207ffd6374c",
    aad: WITH_SEQUENCE_NUMBER,
    ct: NIST_TEXT,
    tag: "51e393dbfeb6fbbc2ff8486d8050b099",
    pt: "722ee47da4b77424733546c2d400c4e5",
  },
  {
    key: NIST_KEY,
    iv: "b6ac8e4963f49207ffd63751",
    aad: WITH_SEQUENCE_NUMBER,
    ct: NIST_TEXT,
    tag: "e825d7a95c2a3106d97fa136847968ea",
    pt: "cb9b925a61fd411572ff6c5ad6c3df51",
  },
  {
    key: NIST_KEY,
    iv: "b6ac8e4963f49207ffd6374b",
    aad: WITH_SEQUENCE_NUMBER,
    ct: NIST_TEXT,
    tag: "ed73f3b3363e24d6a3400bafa8ae3f86",
    pt: "3b435ecb709b3ae5838bfcc7aac173b3",
  },
  // HAPPY_PATH_PROCESS_NONTRANSMITTED_INCREMENTING_IV_ROLLOVER: three frames in a row.
  {
    key: KEY_130,
    iv: "000000000000fffffffffffe",
    aad: WITH_HALF_AN_IV,
    ct: "610b082ea91c8aa93f08eaa642ea",
    tag: "3189128d87159b2354aa753248f05002",
    pt: PACKET,
  },
  {
    key: KEY_130,
    iv: "000000000000ffffffffffff",
    aad: WITH_HALF_AN_IV,
    ct: "cecba30a6e0b54ace0d5f92d1360",
    tag: "084822cfa46240c0cd7d6830a6a7771e",
    pt: PACKET,
  },
  {
    key: KEY_130,
    iv: "000000000001000000000000",
    aad: WITH_HALF_AN_IV,
    ct: "ceb2378f0f335664496406ac4f3a",
    tag: "2abffd8678cb76dd009d7fe5b425bb96",
    pt: PACKET,
  },
  // A forged one of GCM_IV_AND_ARSN: outside_window, with a MAC of zeros.
  {
    key: NIST_KEY,
    iv: "b6ac8e4963f49207ffd6375c",
    aad: WITH_SEQUENCE_NUMBER,
    ct: NIST_TEXT,
    tag: "00".repeat(16),
    pt: null,
  },
];

/** The packet of the frames below: the README's ping. */
export const PING = "1802c00000062f11010000a7d2";

interface MadeFrame {
  readonly title: string;
  readonly frame: string;
  /** Undefined: the usual one. */
  readonly authMask: string | undefined;
  readonly mapId: number | undefined;
}

/**
 * Made by its `Crypto_TC_ApplySecurity`, built with libgcrypt: association 4 with key 130, IV and MAC whole, no sequence number
 * field; spacecraft ID 3, IV 1.
 */
export const madeFrames: readonly MadeFrame[] = [
  {
    title: "nothing authenticated of the headers",
    frame: "200300310000040000000000000000000000017e9f9c208d4bf8d41d88bfab0edd32165f23029ca01898a918e157c902b6f7",
    authMask: "00".repeat(19),
    mapId: undefined,
  },
  {
    title: "the usual mask",
    frame: "200300310000040000000000000000000000017e9f9c208d4bf8d41d88bfab0e1170f5b21a87fbb322a827f593dbda7ac197",
    authMask: undefined,
    mapId: undefined,
  },
  {
    title: "a segment header, and nothing authenticated of the headers",
    frame: "2003003200c000040000000000000000000000017e9f9c208d4bf8d41d88bfab0e7a44cae31b6889b87d5b5866c0448a4eeffb",
    authMask: "00".repeat(20),
    mapId: 0,
  },
  {
    title: "a segment header, the usual mask",
    frame: "2003003200c000040000000000000000000000017e9f9c208d4bf8d41d88bfab0e5e3bfca80cc2583a775211916e6e9a1b8b1e",
    authMask: undefined,
    mapId: 0,
  },
];
