/*
 * How much of XS's fixed heap is free: for the parameters freeSlots and freeChunks. The SDK's own instrumentation is not
 * part of a release build.
 */
#include "xsAll.h"
#include "xs.h"

void xs_flatlink_free_slots(xsMachine* the)
{
	xsResult = xsInteger(the->maximumHeapCount - the->currentHeapCount);
}

void xs_flatlink_free_chunks(xsMachine* the)
{
	xsResult = xsInteger(the->maximumChunksSize - the->currentChunksSize);
}
