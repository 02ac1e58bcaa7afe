package org.centerloss.cpu.runtime;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/**
 * Float32 numbers in native memory.
 *
 * <p>Activations with a channel block b above 1 are stored as [n, ⌈c/b⌉, h, w, b]: b neighbouring
 * channels of a pixel lie together. The channels that pad the last block are zero and stay zero.
 * Every other tensor is plain row-major ({@link #channelBlock} 1).
 */
public final class CpuTensor implements Tensor {
    private final CpuDevice device;
    private final int[] shape;
    private final long size;
    private final int channelBlock;

    /** The tensor that owns the storage; this one, unless it is a slice. */
    private final CpuTensor owner;

    private final FloatPointer pointer;
    private final FloatBuffer buffer;

    /** Null in a slice. */
    private final NativeMemory memory;

    private boolean closed;

    public CpuTensor(CpuDevice device, int channelBlock, int... shape) {
        this.device = device;
        this.shape = shape.clone();
        this.size = product(shape);
        this.channelBlock = channelBlock;
        this.owner = this;
        long bytes = Float.BYTES * stored();
        // The views that the Java operations work through are indexed by int.
        if (bytes > Integer.MAX_VALUE) {
            throw new DeviceException(
                    "tensor "
                            + Arrays.toString(shape)
                            + ": larger than 2 GiB; use smaller batches");
        }
        device.checkOpen();
        memory = new NativeMemory("tensor " + Arrays.toString(shape), bytes);
        pointer = memory.pointer();
        buffer = pointer.asBuffer();
        device.opened(this, bytes);
    }

    private CpuTensor(CpuTensor owner, long offset, int... shape) {
        this.device = owner.device;
        this.shape = shape.clone();
        this.size = product(shape);
        this.channelBlock = 1;
        this.owner = owner;
        if (offset < 0 || offset % Device.ALIGNMENT != 0 || offset + size > owner.size) {
            throw new DeviceException(
                    "slice: %s at %d does not lie in %s, or not at a multiple of %d"
                            .formatted(
                                    Arrays.toString(shape),
                                    offset,
                                    Arrays.toString(owner.shape),
                                    Device.ALIGNMENT));
        }
        memory = null;
        pointer = owner.pointer.getPointer(offset).capacity(size);
        buffer = pointer.asBuffer();
    }

    private static long product(int[] shape) {
        long product = 1;
        for (int dimension : shape) {
            if (dimension < 1) {
                throw new DeviceException(
                        "tensor "
                                + Arrays.toString(shape)
                                + ": every dimension must be at least 1");
            }
            product = Math.multiplyExact(product, (long) dimension);
        }
        return product;
    }

    /** Number of floats in the storage, padding channels included. */
    private long stored() {
        return stored(channelBlock, shape);
    }

    /** Number of floats that a tensor of this shape and channel block is stored in. */
    public static long stored(int channelBlock, int... shape) {
        if (channelBlock == 1) {
            return product(shape);
        }
        long blocks = (shape[1] + channelBlock - 1) / channelBlock;
        return shape[0] * blocks * channelBlock * shape[2] * shape[3];
    }

    CpuDevice device() {
        return device;
    }

    /** Neighbouring channels stored together; 1 for a plain tensor. */
    public int channelBlock() {
        return channelBlock;
    }

    /** The whole storage as a native-order view, padding channels included. */
    public FloatBuffer buffer() {
        checkOpen();
        return buffer;
    }

    /** The start of the storage. */
    public FloatPointer pointer() {
        checkOpen();
        return pointer;
    }

    boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
    }

    /** Where an element of an activation is stored. */
    public int offset(int n, int channel, int row, int column) {
        int blocks = (shape[1] + channelBlock - 1) / channelBlock;
        int block = n * blocks + channel / channelBlock;
        int pixel = (block * shape[2] + row) * shape[3] + column;
        return pixel * channelBlock + channel % channelBlock;
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void write(float[] values) {
        checkLength("write", values.length);
        if (channelBlock == 1) {
            buffer().put(0, values);
        } else {
            forEachElement((plain, stored) -> buffer.put(stored, values[plain]));
        }
    }

    @Override
    public void write(double[] values) {
        checkLength("write", values.length);
        forEachElement((plain, stored) -> buffer.put(stored, (float) values[plain]));
    }

    @Override
    public void read(float[] destination) {
        checkLength("read", destination.length);
        if (channelBlock == 1) {
            buffer().get(0, destination);
        } else {
            forEachElement((plain, stored) -> destination[plain] = buffer.get(stored));
        }
    }

    @Override
    public void read(double[] destination) {
        checkLength("read", destination.length);
        forEachElement((plain, stored) -> destination[plain] = buffer.get(stored));
    }

    private interface ElementVisitor {
        void visit(int plain, int stored);
    }

    private void forEachElement(ElementVisitor visitor) {
        checkOpen();
        if (channelBlock == 1) {
            for (int i = 0; i < size; i++) {
                visitor.visit(i, i);
            }
            return;
        }
        int plain = 0;
        for (int n = 0; n < shape[0]; n++) {
            for (int channel = 0; channel < shape[1]; channel++) {
                int start = offset(n, channel, 0, 0);
                for (int pixel = 0; pixel < shape[2] * shape[3]; pixel++) {
                    visitor.visit(plain++, start + pixel * channelBlock);
                }
            }
        }
    }

    @Override
    public void zero() {
        Pointer.memset(pointer(), 0, Float.BYTES * stored());
    }

    @Override
    public void copyFrom(Tensor source) {
        if (!(source instanceof CpuTensor)
                || ((CpuTensor) source).device != device
                || ((CpuTensor) source).channelBlock != channelBlock
                || !Arrays.equals(((CpuTensor) source).shape, shape)) {
            throw new DeviceException(
                    "copyFrom: expected a tensor of this device, layout and shape %s, found %s"
                            .formatted(Arrays.toString(shape), Arrays.toString(source.shape())));
        }
        Pointer.memcpy(pointer(), ((CpuTensor) source).pointer(), Float.BYTES * stored());
    }

    @Override
    public Tensor slice(long offset, int... sliceShape) {
        checkOpen();
        if (channelBlock != 1 || owner != this) {
            throw new DeviceException("slice: only a tensor made by tensor() can be sliced");
        }
        return new CpuTensor(this, offset, sliceShape);
    }

    private void checkLength(String operation, int length) {
        if (length != size) {
            throw new DeviceException(
                    "%s: tensor %s has %d elements, the array has %d"
                            .formatted(operation, Arrays.toString(shape), size, length));
        }
    }

    private void checkOpen() {
        if (closed || owner.closed) {
            throw new DeviceException("tensor " + Arrays.toString(shape) + " was closed");
        }
        device.checkOpen();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (memory != null) {
            memory.close();
            device.closed(this, memory.bytes());
        }
    }
}
