package org.centerloss.device;

/**
 * A recorded sequence of operations that can be run again and again with the same tensors: a CUDA
 * graph on a GPU, the calls themselves elsewhere.
 */
public interface Program extends AutoCloseable {
    /** Runs the sequence once. On a GPU it returns before the work is done. */
    void run();

    @Override
    void close();
}
