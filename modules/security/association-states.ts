/** The states of a security association, and what it answers to a key. */

/*
 * EMPTY    it never had a key
 *   -> READY, ACTIVE  a key is provisioned
 *   -> LOCKED         that is cut short
 * READY    it has a key, and opens nothing
 *   -> ACTIVE         it is activated
 *   -> RETIRED        it is retired
 * ACTIVE   it opens frames
 *   -> RETIRED        it is retired
 * RETIRED  its key is erased, or could not be: it is erased when it is retired again, or loaded
 *   -> READY, ACTIVE  another key is provisioned
 *   -> LOCKED         that is cut short
 * LOCKED   it has a key, but its counter is lost: what was taken before would be taken again; or a key was not provisioned
 *          to the end
 *   -> READY, ACTIVE  another key is provisioned
 *   -> RETIRED        it is retired
 */
export const EMPTY = 0;
export const READY = 1;
export const ACTIVE = 2;
export const RETIRED = 3;
export const LOCKED = 4;
export type AssociationState = typeof EMPTY | typeof READY | typeof ACTIVE | typeof RETIRED | typeof LOCKED;
/** Names of the states, in their order. */
export const ASSOCIATION_STATES = Object.freeze(["empty", "ready", "active", "retired", "locked"] as const);

/** `provision`: done. */
export const PROVISIONED = 0;
/** `provision`: it has this key, or had it. Its counter would begin anew, and old frames would be taken again. */
export const KEY_USED_BEFORE = 1;
/** `provision`: it has another key that is in use; retire it first. */
export const KEY_IN_USE = 2;
export type ProvisionAnswer = typeof PROVISIONED | typeof KEY_USED_BEFORE | typeof KEY_IN_USE;
