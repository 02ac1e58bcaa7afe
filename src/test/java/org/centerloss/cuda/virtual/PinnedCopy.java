package org.centerloss.cuda.virtual;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Page-locked host memory for integers, copied asynchronously. */
public final class PinnedCopy implements AutoCloseable {
    private final Pointer memory = new Pointer();
    private final int count;
    public final IntBuffer values;

    public PinnedCopy(int count) {
        this.count = count;
        JCudaDriver.cuMemHostAlloc(memory, 4L * count, 0);
        values = memory.getByteBuffer(0, 4L * count).order(ByteOrder.nativeOrder()).asIntBuffer();
    }

    public void copyTo(CUdeviceptr target, CUstream stream) {
        JCudaDriver.cuMemcpyHtoDAsync(target, memory, 4L * count, stream);
    }

    public void copyFrom(CUdeviceptr source, CUstream stream) {
        JCudaDriver.cuMemcpyDtoHAsync(memory, source, 4L * count, stream);
    }

    @Override
    public void close() {
        JCudaDriver.cuMemFreeHost(memory);
    }
}
