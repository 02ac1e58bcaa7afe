package org.centerloss.cuda.driver;

import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/** A piece of the GPU's memory. It is allocated when it, or what was planned with it, is used. */
public final class DeviceMemory implements AutoCloseable {
    /** What a piece holds at first. */
    public enum Content {
        UNDEFINED,
        /** Every 4 bytes are 0. */
        ZEROS,
        /** Every 4 bytes are 1 as a float. */
        ONES
    }

    private enum State {
        PLANNED,
        ALLOCATED,
        FREED
    }

    private final MemoryPlan plan;
    private final String owner;
    private final long bytes;
    private final Content content;
    private final DeviceAddress address = new DeviceAddress();
    private State state = State.PLANNED;

    /**
     * Plans a piece.
     *
     * @param owner what it is for, for messages
     * @param bytes at least 1; a multiple of 4 unless the content is undefined
     */
    public DeviceMemory(MemoryPlan plan, String owner, long bytes, Content content) {
        this.plan = plan;
        this.owner = owner;
        this.bytes = bytes;
        this.content = content;
        plan.add(this);
    }

    String owner() {
        return owner;
    }

    public long bytes() {
        return bytes;
    }

    /** The start, aligned to 256 bytes. */
    public DeviceAddress address() {
        if (state == State.FREED) {
            throw new DeviceException("cuda: memory of " + owner + " was freed");
        }
        if (state == State.PLANNED) {
            plan.carryOut();
        }
        return address;
    }

    /** For the plan. */
    void allocate() {
        Cuda.check(JCudaDriver.cuMemAlloc(address, bytes));
        state = State.ALLOCATED;
    }

    /** Takes an allocation back that the plan could not complete. */
    void free() {
        state = State.PLANNED;
        Cuda.call("free memory of " + owner, () -> JCudaDriver.cuMemFree(address));
    }

    /** Queues the writing of the first content. */
    void fill(CudaStream stream) {
        if (content != Content.UNDEFINED) {
            set(stream, content == Content.ONES ? Float.floatToIntBits(1) : 0);
        }
    }

    /** Queues the setting of every 4 bytes to zero. */
    public void zero(CudaStream stream) {
        set(stream, 0);
    }

    private void set(CudaStream stream, int word) {
        DeviceAddress start = address();
        stream.submit(
                "set memory of " + owner,
                () ->
                        JCudaDriver.cuMemsetD32Async(
                                start, word, bytes / Integer.BYTES, stream.handle()));
    }

    @Override
    public void close() {
        State before = state;
        state = State.FREED;
        if (before == State.PLANNED) {
            plan.drop(this);
        } else if (before == State.ALLOCATED) {
            Cuda.call("free memory of " + owner, () -> JCudaDriver.cuMemFree(address));
        }
    }
}
