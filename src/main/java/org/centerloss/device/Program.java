package org.centerloss.device;

import java.util.OptionalInt;

/**
 * A recorded sequence of operations that can be run again and again with the same tensors: a CUDA
 * graph on a GPU, the calls themselves elsewhere.
 */
public interface Program extends AutoCloseable {
    /** Runs the sequence once. On a GPU it returns before the work is done. */
    void run();

    /**
     * How many kernels, copies and fills a run hands to the device; empty where they are not told
     * apart.
     */
    OptionalInt launches();

    @Override
    void close();
}
