package org.centerloss.device.instrument;

import org.centerloss.device.op.Op;

/**
 * Empties a device's caches of what was used last, by writing an array of twice the size of the
 * largest, so that what is timed next finds its arguments in memory.
 */
public interface CacheFlush extends Op {
    void run();
}
