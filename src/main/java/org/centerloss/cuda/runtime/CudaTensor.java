package org.centerloss.cuda.runtime;

import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Staging;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;

/** Float32 numbers in the GPU's memory, plain row-major (NCHW). */
public final class CudaTensor implements Tensor {
    private final CudaDevice device;
    private final TensorForm form;
    private final int size;

    /** The tensor that owns the storage; this one, unless it is a slice. */
    private final CudaTensor owner;

    private final DeviceMemory memory;

    /** Where the numbers start in the memory, in bytes. */
    private final long offset;

    private boolean closed;

    public CudaTensor(CudaDevice device, TensorForm form) {
        this.device = device;
        this.form = form;
        size = form.size();
        this.owner = this;
        offset = 0;
        device.checkOpen();
        memory = device.memory(toString(), bytes(), DeviceMemory.Content.ZEROS);
        device.opened(this, bytes());
    }

    private CudaTensor(CudaTensor owner, long first, TensorForm form) {
        this.device = owner.device;
        this.form = form;
        size = form.size();
        this.owner = owner;
        memory = owner.memory;
        offset = Float.BYTES * first;
    }

    CudaDevice device() {
        return device;
    }

    /** Where the numbers start; for a kernel's parameter or a library's call. */
    public DeviceAddress address() {
        checkOpen();
        device.stream().uses(memory);
        return memory.address().plus(offset);
    }

    long bytes() {
        return (long) Float.BYTES * size;
    }

    TensorForm form() {
        return form;
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
        upload((host, first, count) -> host.floats().put(0, values, first, count));
    }

    @Override
    public void write(double[] values) {
        form.requireLength("write", values.length);
        upload(
                (host, first, count) -> {
                    for (int i = 0; i < count; i++) {
                        host.bytes().putFloat(Float.BYTES * i, (float) values[first + i]);
                    }
                });
    }

    @Override
    public void read(float[] destination) {
        form.requireLength("read", destination.length);
        download((host, first, count) -> host.floats().get(0, destination, first, count));
    }

    @Override
    public void read(double[] destination) {
        form.requireLength("read", destination.length);
        download(
                (host, first, count) -> {
                    for (int i = 0; i < count; i++) {
                        destination[first + i] = host.bytes().getFloat(Float.BYTES * i);
                    }
                });
    }

    private void upload(Staging.Transfer fill) {
        device.staging().upload("write to " + this, address(), size, Float.BYTES, fill);
    }

    private void download(Staging.Transfer empty) {
        device.staging().download("read " + this, address(), size, Float.BYTES, empty);
    }

    @Override
    public void zero() {
        DeviceAddress to = address();
        device.stream()
                .submit(
                        "zero " + this,
                        () -> JCudaDriver.cuMemsetD32Async(to, 0, size, device.stream().handle()));
    }

    @Override
    public void copyFrom(Tensor source) {
        boolean own = source instanceof CudaTensor found && found.device == device;
        if (!own || !((CudaTensor) source).form.isLike(form)) {
            throw TensorForm.unexpected(
                    "copyFrom", "source", form.isActivation(), shape(), source, own);
        }
        copyElements((CudaTensor) source);
    }

    /** Copies from a tensor of the same device and size, whatever its shape. */
    void copyElements(CudaTensor source) {
        DeviceAddress to = address();
        DeviceAddress from = source.address();
        device.stream()
                .submit(
                        "copy to " + this,
                        () ->
                                JCudaDriver.cuMemcpyDtoDAsync(
                                        to, from, bytes(), device.stream().handle()));
    }

    @Override
    public Tensor slice(long offset, int... sliceShape) {
        checkOpen();
        return new CudaTensor(this, offset, form.slice(offset, sliceShape));
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
        if (owner == this) {
            device.checkThread();
            closed = true;
            device.closed(this, bytes());
            memory.close();
        }
        closed = true;
    }

    @Override
    public String toString() {
        return form.toString();
    }
}
