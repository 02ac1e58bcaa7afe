package org.centerloss.cpu.runtime;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.Primitive;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.Op;

/**
 * What every operation of the CPU device does alike: it is registered with the device, refuses to
 * run once closed, and checks its arguments.
 */
public abstract class CpuOp implements Op {
    public final CpuDevice device;

    private final String name;

    /** How to free what is not on the Java heap, in the order in which it was made. */
    private final List<Runnable> owned = new ArrayList<>();

    private long bytes;
    private boolean closed;

    /**
     * @param name the operation with its shape, for messages
     */
    public CpuOp(CpuDevice device, String name) {
        this.device = device;
        this.name = name;
        device.opened(this, 0);
        // A plan is made for the thread count that it finds, and must run with the same.
        device.oneDnn().openMp().use();
    }

    public final String name() {
        return name;
    }

    /** Zeroed memory that is freed with this operation, which goes where there is none. */
    public final NativeMemory memory(long size) {
        try {
            NativeMemory memory = new NativeMemory(name, size);
            owned.add(memory::close);
            holds(size);
            return memory;
        } catch (DeviceException e) {
            close();
            throw e;
        }
    }

    /** A primitive that is freed with this operation. */
    public final Primitive primitive(String pass, dnnl_primitive_desc plan, int... kinds) {
        Primitive primitive = new Primitive(device, name + " " + pass, plan, kinds);
        owned.add(primitive::close);
        return primitive;
    }

    /** A copy between layouts that is freed with this operation. */
    public final Primitive reorder(dnnl_memory_desc from, dnnl_memory_desc to) {
        Primitive reorder = Primitive.reorder(device, name + " reorder", from, to);
        owned.add(reorder::close);
        return reorder;
    }

    /** Counts memory on the Java heap that this operation holds until it is closed. */
    public final void holds(long moreBytes) {
        bytes += moreBytes;
        device.holds(moreBytes);
    }

    protected final void checkOpen() {
        if (closed) {
            throw new DeviceException(name + " was closed");
        }
        device.checkOpen();
    }

    /** The argument as a plain tensor of this device with the expected shape. */
    protected final CpuTensor plain(Tensor tensor, String argument, int... expected) {
        return own(tensor, argument, false, expected);
    }

    /** The argument as an activation of this device with the expected shape. */
    protected final CpuTensor activation(Tensor tensor, String argument, int... expected) {
        return own(tensor, argument, true, expected);
    }

    private CpuTensor own(Tensor tensor, String argument, boolean activation, int... expected) {
        CpuTensor found = tensor instanceof CpuTensor own && own.device() == device ? own : null;
        if (found == null || !found.form().is(device, activation, expected)) {
            throw TensorForm.unexpected(
                    name, argument, activation, expected, tensor, found != null);
        }
        return found;
    }

    /** The argument's integers, once it is known to be of this device and the expected size. */
    protected final int[] integers(IntTensor tensor, String argument, int expectedSize) {
        CpuIntTensor found =
                tensor instanceof CpuIntTensor own && own.device() == device ? own : null;
        if (found == null || found.size() != expectedSize) {
            throw TensorForm.unexpected(name, argument, expectedSize, tensor, found != null);
        }
        return found.values();
    }

    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).run();
        }
        device.closed(this, bytes);
    }
}
