package org.centerloss.cpu.runtime;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;

/**
 * Float32 numbers in native memory.
 *
 * <p>Activations with a channel block b above 1 are stored as [n, ⌈c/b⌉, h, w, b]: b neighbouring
 * channels of a pixel lie together. The channels that pad the last block are zero and stay zero.
 * Every other tensor is plain row-major ({@link #channelBlock} 1).
 */
public final class CpuTensor implements Tensor {
    private final CpuDevice device;
    private final TensorForm form;

    /** Of the form, where the numbers lie. */
    private final int[] shape;

    private final int size;
    private final int channelBlock;

    /** The tensor that owns the storage; this one, unless it is a slice. */
    private final CpuTensor owner;

    private final FloatPointer pointer;
    private final FloatBuffer buffer;

    /** Made when it is asked for. */
    private IntBuffer bits;

    /** Null in a slice. */
    private final NativeMemory memory;

    private boolean closed;

    public CpuTensor(CpuDevice device, TensorForm form) {
        this.device = device;
        this.form = form;
        shape = form.shape();
        size = form.size();
        channelBlock = form.isActivation() ? device.channelBlock(shape[1]) : 1;
        this.owner = this;
        long bytes = Float.BYTES * stored();
        // The views that the Java operations work through are indexed by int.
        if (bytes > Integer.MAX_VALUE) {
            throw new DeviceException(this + ": larger than 2 GiB; use smaller batches");
        }
        device.checkOpen();
        memory = new NativeMemory(toString(), bytes);
        pointer = memory.pointer();
        buffer = pointer.asBuffer();
        device.opened(this, bytes);
    }

    private CpuTensor(CpuTensor owner, long offset, TensorForm form) {
        this.device = owner.device;
        this.form = form;
        shape = form.shape();
        size = form.size();
        this.channelBlock = 1;
        this.owner = owner;
        memory = null;
        pointer = owner.pointer.getPointer(offset).capacity(size);
        buffer = pointer.asBuffer();
    }

    /** Number of floats in the storage, padding channels included. */
    private long stored() {
        return stored(channelBlock, shape);
    }

    /** Number of floats that a tensor of this shape and channel block is stored in. */
    public static long stored(int channelBlock, int... shape) {
        if (channelBlock == 1) {
            return TensorForm.elements(shape);
        }
        long blocks = (shape[1] + channelBlock - 1) / channelBlock;
        return (long) shape[0] * blocks * channelBlock * shape[2] * shape[3];
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

    /** The whole storage as the bit patterns of its floats. */
    public IntBuffer bits() {
        checkOpen();
        if (bits == null) {
            bits = pointer.asByteBuffer().order(ByteOrder.nativeOrder()).asIntBuffer();
        }
        return bits;
    }

    /** The start of the storage. */
    public FloatPointer pointer() {
        checkOpen();
        return pointer;
    }

    TensorForm form() {
        return form;
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
        return form.shape();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void write(float[] values) {
        form.requireLength("write", values.length);
        if (channelBlock == 1) {
            buffer().put(0, values);
        } else {
            forEachElement((plain, stored) -> buffer.put(stored, values[plain]));
        }
    }

    @Override
    public void write(double[] values) {
        form.requireLength("write", values.length);
        forEachElement((plain, stored) -> buffer.put(stored, (float) values[plain]));
    }

    @Override
    public void read(float[] destination) {
        form.requireLength("read", destination.length);
        if (channelBlock == 1) {
            buffer().get(0, destination);
        } else {
            forEachElement((plain, stored) -> destination[plain] = buffer.get(stored));
        }
    }

    @Override
    public void read(double[] destination) {
        form.requireLength("read", destination.length);
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
        boolean own = source instanceof CpuTensor found && found.device == device;
        if (!own || !((CpuTensor) source).form.isLike(form)) {
            throw TensorForm.unexpected(
                    "copyFrom", "source", form.isActivation(), shape, source, own);
        }
        Pointer.memcpy(pointer(), ((CpuTensor) source).pointer(), Float.BYTES * stored());
    }

    @Override
    public Tensor slice(long offset, int... sliceShape) {
        checkOpen();
        return new CpuTensor(this, offset, form.slice(offset, sliceShape));
    }

    private void checkOpen() {
        if (closed || owner.closed) {
            throw new DeviceException(this + " was closed");
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

    @Override
    public String toString() {
        return form.toString();
    }
}
