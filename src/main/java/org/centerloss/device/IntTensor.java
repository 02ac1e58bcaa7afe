package org.centerloss.device;

/** A vector of 32-bit integers stored on a device: labels, predictions. */
public interface IntTensor extends AutoCloseable {
    int size();

    /** Sets every element from {@code values}, of length {@link #size()}. */
    void write(int[] values);

    /** Copies every element into {@code destination}, of length {@link #size()}; synchronises. */
    void read(int[] destination);

    /** A new array with every element; synchronises. */
    default int[] toInts() {
        int[] values = new int[size()];
        read(values);
        return values;
    }

    /** Frees the storage; idempotent. */
    @Override
    void close();
}
