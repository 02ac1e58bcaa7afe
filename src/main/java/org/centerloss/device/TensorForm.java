package org.centerloss.device;

import java.util.Arrays;

/**
 * What a tensor is, wherever its numbers lie: whose, of which shape, and whether it is an
 * activation. With the checks that every device makes of tensors, in the same words.
 */
public final class TensorForm {
    private enum Kind {
        PLAIN("tensor"),
        SLICE("tensor"),
        ACTIVATION("activation");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String of(int[] shape) {
            return text + " " + Arrays.toString(shape);
        }
    }

    private final Device device;
    private final Kind kind;
    private final int[] shape;
    private final int size;

    private TensorForm(Device device, Kind kind, int[] shape) {
        this.device = device;
        this.kind = kind;
        this.shape = shape.clone();
        size = elements(shape);
    }

    /** A tensor made by {@link Device#tensor}. */
    public static TensorForm plain(Device device, int... shape) {
        return new TensorForm(device, Kind.PLAIN, shape);
    }

    /** One made by {@link Device#activation}. */
    public static TensorForm activation(Device device, int... shape) {
        return new TensorForm(device, Kind.ACTIVATION, shape);
    }

    /**
     * The number of elements of a shape.
     *
     * @throws DeviceException where no tensor has it
     */
    public static int elements(int... shape) {
        long product = 1;
        for (int length : shape) {
            product *= length;
            // Java's arrays, through which tensors are written and read, end there.
            if (length < 1 || product > Integer.MAX_VALUE - 8) {
                throw new DeviceException(
                        "tensor %s: expected dimensions of at least 1 and fewer than 2³¹ elements; use smaller batches"
                                .formatted(Arrays.toString(shape)));
            }
        }
        return (int) product;
    }

    public int[] shape() {
        return shape.clone();
    }

    public int size() {
        return size;
    }

    public boolean isActivation() {
        return kind == Kind.ACTIVATION;
    }

    /** Whether it is of this device, layout and shape. */
    public boolean is(Device wanted, boolean activation, int... wantedShape) {
        return device == wanted
                && isActivation() == activation
                && Arrays.equals(shape, wantedShape);
    }

    /** Whether it is of the same device, layout and shape. */
    public boolean isLike(TensorForm other) {
        return other.is(device, isActivation(), shape);
    }

    /**
     * The form of a slice of it.
     *
     * @throws DeviceException unless it was made by {@link Device#tensor} and the slice starts at a
     *     multiple of {@link Device#ALIGNMENT} and ends inside
     */
    public TensorForm slice(long offset, int... sliceShape) {
        if (kind != Kind.PLAIN) {
            throw new DeviceException(
                    "slice: expected a tensor made by tensor(), found "
                            + (kind == Kind.SLICE ? "a slice: " : "")
                            + this);
        }
        TensorForm slice = new TensorForm(device, Kind.SLICE, sliceShape);
        if (offset < 0 || offset % Device.ALIGNMENT != 0 || offset + slice.size > size) {
            throw new DeviceException(
                    "slice: expected a part of %s at a multiple of %d, found %s at %d"
                            .formatted(
                                    this, Device.ALIGNMENT, Arrays.toString(sliceShape), offset));
        }
        return slice;
    }

    /** Throws unless an array to write or read has as many elements. */
    public void requireLength(String operation, int length) {
        if (length != size) {
            throw new DeviceException(
                    "%s: expected %d values for %s, found %d"
                            .formatted(operation, size, this, length));
        }
    }

    /**
     * What is wrong with an argument.
     *
     * @param found null, a tensor of another form, or one of another device
     * @param own whether it is of the device whose operation it was given to
     */
    public static DeviceException unexpected(
            String operation,
            String argument,
            boolean activation,
            int[] shape,
            Tensor found,
            boolean own) {
        String expected = (activation ? Kind.ACTIVATION : Kind.PLAIN).of(shape);
        return unexpected(operation, argument, expected, found, own);
    }

    /** As for tensors, of one of integers. */
    public static DeviceException unexpected(
            String operation, String argument, int size, IntTensor found, boolean own) {
        return unexpected(operation, argument, "integer tensor [" + size + "]", found, own);
    }

    private static DeviceException unexpected(
            String operation, String argument, String expected, Object found, boolean own) {
        return new DeviceException(
                "%s: %s: expected %s of this device, found %s%s"
                        .formatted(
                                operation,
                                argument,
                                expected,
                                found,
                                own || found == null ? "" : " of another device"));
    }

    @Override
    public String toString() {
        return kind.of(shape);
    }
}
