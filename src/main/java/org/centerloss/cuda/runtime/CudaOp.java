package org.centerloss.cuda.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.Closing;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.Op;

/** What every CUDA operation shares: what it owns, and the checks of its arguments. */
public abstract class CudaOp implements Op {
    public final CudaDevice device;

    private final String name;

    /** In the order in which it was made. */
    private final List<AutoCloseable> owned = new ArrayList<>();

    private long bytes;
    private boolean closed;

    /**
     * @param name the operation with its shape, for messages
     */
    public CudaOp(CudaDevice device, String name) {
        this.device = device;
        this.name = name;
        device.opened(this, 0);
    }

    public final String name() {
        return name;
    }

    /** The device's copy of a kernel. To be called when the operation is made, not when it runs. */
    public final Kernel kernel(KernelFunction function) {
        return planned(() -> device.kernel(function));
    }

    /** What a step of the plan makes; the operation goes where that fails. */
    public final <T> T planned(Supplier<T> step) {
        try {
            return step.get();
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(this);
            throw e;
        }
    }

    /** What a step of the plan makes, to be closed with this operation. */
    protected final <T extends AutoCloseable> T own(Supplier<T> step) {
        T made = planned(step);
        owned.add(made);
        return made;
    }

    /** Device memory that is freed with this operation, not initialised. */
    public final DeviceMemory workspace(long size) {
        return workspace(size, DeviceMemory.Content.UNDEFINED);
    }

    /** Device memory that is freed with this operation. */
    public final DeviceMemory workspace(long size, DeviceMemory.Content content) {
        DeviceMemory memory = own(() -> device.memory(name, size, content));
        bytes += size;
        device.holds(size);
        return memory;
    }

    /** A vector of ones, with which a matrix product adds up. */
    public final DeviceMemory ones(int count) {
        return workspace((long) Float.BYTES * count, DeviceMemory.Content.ONES);
    }

    /** The address of memory of this operation's, for a call that is queued next. */
    public final DeviceAddress address(DeviceMemory memory) {
        device.stream().uses(memory);
        return memory.address();
    }

    protected final void checkOpen() {
        if (closed) {
            throw new DeviceException(name + " was closed");
        }
        device.checkOpen();
    }

    /** The argument as a plain tensor of this device with the expected shape. */
    protected final CudaTensor plain(Tensor tensor, String argument, int... expected) {
        return own(tensor, argument, false, expected);
    }

    /** The argument as an activation of this device with the expected shape; NCHW here. */
    protected final CudaTensor activation(Tensor tensor, String argument, int... expected) {
        return own(tensor, argument, true, expected);
    }

    private CudaTensor own(Tensor tensor, String argument, boolean activation, int... expected) {
        CudaTensor found = tensor instanceof CudaTensor own && own.device() == device ? own : null;
        if (found == null || !found.form().is(device, activation, expected)) {
            throw TensorForm.unexpected(
                    name, argument, activation, expected, tensor, found != null);
        }
        return found;
    }

    /** The argument as an integer tensor of this device with the expected size. */
    protected final CudaIntTensor integers(IntTensor tensor, String argument, int expectedSize) {
        CudaIntTensor found =
                tensor instanceof CudaIntTensor own && own.device() == device ? own : null;
        if (found == null || found.size() != expectedSize) {
            throw TensorForm.unexpected(name, argument, expectedSize, tensor, found != null);
        }
        return found;
    }

    @Override
    public final void close() {
        if (closed) {
            return;
        }
        device.checkThread();
        closed = true;
        device.closed(this, bytes);
        Closing closing = new Closing();
        for (int i = owned.size() - 1; i >= 0; i--) {
            closing.close(owned.get(i));
        }
        closing.rethrow();
    }
}
