package org.centerloss.device;

/**
 * Numbers stored on a device, in a layout of the device's own.
 *
 * <p>Values cross the border in plain row-major order (NCHW for images), whatever the layout
 * inside. The reference device stores float64, every other device float32; {@code double} values
 * are rounded where the storage is float32.
 */
public interface Tensor extends AutoCloseable {
    /** The dimensions, outermost first. */
    int[] shape();

    /** The number of elements: the product of {@link #shape()}. */
    long size();

    /** Sets every element from {@code values}, of length {@link #size()}. */
    void write(float[] values);

    /** Sets every element from {@code values}, of length {@link #size()}. */
    void write(double[] values);

    /** Copies every element into {@code destination}, of length {@link #size()}; synchronises. */
    void read(float[] destination);

    /** Copies every element into {@code destination}, of length {@link #size()}; synchronises. */
    void read(double[] destination);

    /** Sets every element to zero; allowed inside a {@link Program}. */
    void zero();

    /**
     * Copies from a tensor of the same device, shape and layout (plain or activation, a slice being
     * plain); allowed inside a {@link Program}.
     */
    void copyFrom(Tensor source);

    /**
     * A plain tensor over a part of this one's storage, which it shares and does not own. Only
     * tensors made by {@link Device#tensor} can be sliced: slices and activations throw. Using the
     * slice after this tensor was closed throws.
     *
     * @param offset first element, a multiple of {@link Device#ALIGNMENT}
     */
    Tensor slice(long offset, int... shape);

    /** A new array with every element; synchronises. */
    default float[] toFloats() {
        float[] values = new float[Math.toIntExact(size())];
        read(values);
        return values;
    }

    /** A new array with every element; synchronises. */
    default double[] toDoubles() {
        double[] values = new double[Math.toIntExact(size())];
        read(values);
        return values;
    }

    /** Frees the storage, unless this is a slice; idempotent. */
    @Override
    void close();
}
