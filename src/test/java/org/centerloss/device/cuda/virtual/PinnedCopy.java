package org.centerloss.device.cuda.virtual;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Page-locked host memory for integers, copied asynchronously. */
final class PinnedCopy implements AutoCloseable {
    private final Pointer memory = new Pointer();
    private final int count;
    final IntBuffer values;

    PinnedCopy(int count) {
        this.count = count;
        JCudaDriver.cuMemHostAlloc(memory, 4L * count, 0);
        values = memory.getByteBuffer(0, 4L * count).order(ByteOrder.nativeOrder()).asIntBuffer();
    }

    void copyTo(CUdeviceptr target, CUstream stream) {
        JCudaDriver.cuMemcpyHtoDAsync(target, memory, 4L * count, stream);
    }

    void copyFrom(CUdeviceptr source, CUstream stream) {
        JCudaDriver.cuMemcpyDtoHAsync(memory, source, 4L * count, stream);
    }

    @Override
    public void close() {
        JCudaDriver.cuMemFreeHost(memory);
    }
}
