package org.centerloss.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Host memory that the GPU reads and writes by itself, so that copies are asynchronous. */
final class PinnedMemory implements AutoCloseable {
    private final Pointer pointer = new Pointer();
    private final ByteBuffer bytes;

    PinnedMemory(int size) {
        Cuda.call("pinned memory", () -> JCudaDriver.cuMemHostAlloc(pointer, size, 0));
        bytes = pointer.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    }

    Pointer pointer() {
        return pointer;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    FloatBuffer floats() {
        return bytes.asFloatBuffer();
    }

    IntBuffer ints() {
        return bytes.asIntBuffer();
    }

    @Override
    public void close() {
        Cuda.call("free pinned memory", () -> JCudaDriver.cuMemFreeHost(pointer));
    }
}
