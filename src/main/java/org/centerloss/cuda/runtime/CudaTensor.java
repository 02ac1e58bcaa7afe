package org.centerloss.cuda.runtime;

import java.util.Arrays;
import jcuda.driver.JCudaDriver;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Staging;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;

/** Float32 numbers in the GPU's memory, plain row-major (NCHW). */
public final class CudaTensor implements Tensor {
    private final CudaDevice device;
    private final int[] shape;
    private final int size;

    /** The tensor that owns the storage; this one, unless it is a slice. */
    private final CudaTensor owner;

    private final DeviceMemory memory;

    /** Where the numbers start in the memory, in bytes. */
    private final long offset;

    private final boolean sliceable;
    private boolean closed;

    /**
     * @param sliceable whether {@link #slice} is allowed
     */
    public CudaTensor(CudaDevice device, boolean sliceable, int... shape) {
        this.device = device;
        this.shape = shape.clone();
        this.size = product(shape);
        this.owner = this;
        this.sliceable = sliceable;
        offset = 0;
        device.checkOpen();
        memory = device.memory(toString(), bytes(), DeviceMemory.Content.ZEROS);
        device.opened(this, bytes());
    }

    private CudaTensor(CudaTensor owner, long first, int... shape) {
        this.device = owner.device;
        this.shape = shape.clone();
        this.size = product(shape);
        this.owner = owner;
        this.sliceable = false;
        if (first < 0 || first % Device.ALIGNMENT != 0 || first + size > owner.size) {
            throw new DeviceException(
                    "slice: %s at %d does not lie in %s, or not at a multiple of %d"
                            .formatted(
                                    Arrays.toString(shape),
                                    first,
                                    Arrays.toString(owner.shape),
                                    Device.ALIGNMENT));
        }
        memory = owner.memory;
        offset = Float.BYTES * first;
    }

    /** The number of elements; throws where no tensor has such a shape. */
    public static int product(int[] shape) {
        long product = 1;
        for (int dimension : shape) {
            if (dimension < 1) {
                throw new DeviceException(
                        "tensor "
                                + Arrays.toString(shape)
                                + ": every dimension must be at least 1");
            }
            product = Math.multiplyExact(product, (long) dimension);
            // Java's arrays, through which tensors are written and read, end there.
            if (product > Integer.MAX_VALUE) {
                throw new DeviceException(
                        "tensor "
                                + Arrays.toString(shape)
                                + ": more than 2³¹ elements; use smaller batches");
            }
        }
        return (int) product;
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

    boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
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
        upload((host, first, count) -> host.floats().put(0, values, first, count));
    }

    @Override
    public void write(double[] values) {
        checkLength("write", values.length);
        upload(
                (host, first, count) -> {
                    for (int i = 0; i < count; i++) {
                        host.bytes().putFloat(Float.BYTES * i, (float) values[first + i]);
                    }
                });
    }

    @Override
    public void read(float[] destination) {
        checkLength("read", destination.length);
        download((host, first, count) -> host.floats().get(0, destination, first, count));
    }

    @Override
    public void read(double[] destination) {
        checkLength("read", destination.length);
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
        if (!(source instanceof CudaTensor)
                || ((CudaTensor) source).device != device
                || !((CudaTensor) source).hasShape(shape)) {
            throw new DeviceException(
                    "copyFrom: expected a tensor of this device and shape %s, found %s"
                            .formatted(Arrays.toString(shape), Arrays.toString(source.shape())));
        }
        DeviceAddress to = address();
        DeviceAddress from = ((CudaTensor) source).address();
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
        if (!sliceable) {
            throw new DeviceException("slice: only a tensor made by tensor() can be sliced");
        }
        return new CudaTensor(this, offset, sliceShape);
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
        return "tensor " + Arrays.toString(shape);
    }
}
