package org.centerloss.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Host memory that the GPU reads and writes by itself, so that copies are asynchronous. */
public final class PinnedMemory implements AutoCloseable {
    private final Pointer pointer = new Pointer();
    private final ByteBuffer bytes;

    public PinnedMemory(int size) {
        Cuda.call("pinned memory", () -> JCudaDriver.cuMemHostAlloc(pointer, size, 0));
        bytes = pointer.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    }

    public Pointer pointer() {
        return pointer;
    }

    public ByteBuffer bytes() {
        return bytes;
    }

    public FloatBuffer floats() {
        return bytes.asFloatBuffer();
    }

    public IntBuffer ints() {
        return bytes.asIntBuffer();
    }

    @Override
    public void close() {
        Cuda.call("free pinned memory", () -> JCudaDriver.cuMemFreeHost(pointer));
    }
}
