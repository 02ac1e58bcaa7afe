package org.centerloss.reference;

import java.util.Arrays;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/** Float64 numbers in plain row-major order, activations too. */
final class ReferenceTensor implements Tensor {
    final ReferenceDevice device;
    final boolean activation;

    /** The storage, shared with slices; this tensor's first element is at {@link #offset}. */
    final double[] data;

    final int offset;

    private final int[] shape;
    private final int size;
    private final ReferenceTensor owner;
    private boolean closed;

    ReferenceTensor(ReferenceDevice device, boolean activation, int... shape) {
        this.device = device;
        this.activation = activation;
        this.shape = shape.clone();
        this.size = sizeOf(shape);
        device.opened(this, 8L * size);
        this.data = new double[size];
        this.offset = 0;
        this.owner = null;
    }

    private ReferenceTensor(ReferenceTensor owner, int offset, int size, int[] shape) {
        this.device = owner.device;
        this.activation = false;
        this.shape = shape.clone();
        this.size = size;
        this.data = owner.data;
        this.offset = offset;
        this.owner = owner;
    }

    private static int sizeOf(int[] shape) {
        long size = 1;
        for (int length : shape) {
            size *= length;
            if (length < 1 || size > Integer.MAX_VALUE - 8) {
                throw new DeviceException(
                        "tensor: expected lengths of at least 1 and fewer than 2³¹ elements, found "
                                + Arrays.toString(shape));
            }
        }
        return (int) size;
    }

    double get(int index) {
        return data[offset + index];
    }

    void set(int index, double value) {
        data[offset + index] = value;
    }

    void add(int index, double value) {
        data[offset + index] += value;
    }

    void checkOpen(String operation) {
        device.checkOpen();
        for (ReferenceTensor tensor = this; tensor != null; tensor = tensor.owner) {
            if (tensor.closed) {
                throw new DeviceException(operation + ": the tensor " + this + " is closed");
            }
        }
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void write(float[] values) {
        checkTransfer("write", values.length);
        for (int i = 0; i < size; i++) {
            data[offset + i] = values[i];
        }
    }

    @Override
    public void write(double[] values) {
        checkTransfer("write", values.length);
        System.arraycopy(values, 0, data, offset, size);
    }

    @Override
    public void read(float[] destination) {
        checkTransfer("read", destination.length);
        for (int i = 0; i < size; i++) {
            destination[i] = (float) data[offset + i];
        }
    }

    @Override
    public void read(double[] destination) {
        checkTransfer("read", destination.length);
        System.arraycopy(data, offset, destination, 0, size);
    }

    private void checkTransfer(String operation, int length) {
        checkOpen(operation);
        if (length != size) {
            throw new DeviceException(
                    operation + ": expected " + size + " values for " + this + ", found " + length);
        }
    }

    @Override
    public void zero() {
        checkOpen("zero");
        Arrays.fill(data, offset, offset + size, 0);
    }

    @Override
    public void copyFrom(Tensor source) {
        checkOpen("copyFrom");
        if (!(source instanceof ReferenceTensor from)
                || from.device != device
                || from.activation != activation
                || !from.hasShape(shape)) {
            throw new DeviceException(
                    "copyFrom: expected " + this + " of this device, found " + source);
        }
        from.checkOpen("copyFrom");
        System.arraycopy(from.data, from.offset, data, offset, size);
    }

    @Override
    public Tensor slice(long start, int... sliceShape) {
        checkOpen("slice");
        int sliceSize = sizeOf(sliceShape);
        if (activation || start < 0 || start % Device.ALIGNMENT != 0 || start + sliceSize > size) {
            throw new DeviceException(
                    "slice: expected a part of a plain tensor at a multiple of "
                            + Device.ALIGNMENT
                            + ", found "
                            + Arrays.toString(sliceShape)
                            + " at "
                            + start
                            + " of "
                            + this);
        }
        return new ReferenceTensor(this, offset + (int) start, sliceSize, sliceShape);
    }

    @Override
    public void close() {
        if (!closed && owner == null) {
            device.closed(this, 8L * size);
        }
        closed = true;
    }

    @Override
    public String toString() {
        return (activation ? "activation " : "tensor ") + Arrays.toString(shape);
    }
}
