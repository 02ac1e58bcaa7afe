package org.centerloss.cpu.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.onednn.Primitive;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
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
        CpuTensor found = own(tensor, argument, expected);
        if (found.channelBlock() != 1) {
            throw new DeviceException(
                    "%s: %s must be a plain tensor, found an activation".formatted(name, argument));
        }
        return found;
    }

    /** The argument as an activation of this device with the expected shape. */
    protected final CpuTensor activation(Tensor tensor, String argument, int... expected) {
        CpuTensor found = own(tensor, argument, expected);
        if (found.channelBlock() != device.channelBlock(expected[1])) {
            throw new DeviceException(
                    "%s: %s must be an activation, found a plain tensor".formatted(name, argument));
        }
        return found;
    }

    private CpuTensor own(Tensor tensor, String argument, int... expected) {
        if (!(tensor instanceof CpuTensor) || ((CpuTensor) tensor).device() != device) {
            throw new DeviceException(
                    "%s: %s is %s"
                            .formatted(
                                    name,
                                    argument,
                                    tensor == null ? "null" : "a tensor of another device"));
        }
        CpuTensor found = (CpuTensor) tensor;
        if (!found.hasShape(expected)) {
            throw new DeviceException(
                    "%s: %s must have shape %s, found %s"
                            .formatted(
                                    name,
                                    argument,
                                    Arrays.toString(expected),
                                    Arrays.toString(found.shape())));
        }
        return found;
    }

    /** The argument's integers, once it is known to be of this device and the expected size. */
    protected final int[] integers(IntTensor tensor, String argument, int expectedSize) {
        if (!(tensor instanceof CpuIntTensor) || ((CpuIntTensor) tensor).device() != device) {
            throw new DeviceException(
                    "%s: %s is %s"
                            .formatted(
                                    name,
                                    argument,
                                    tensor == null ? "null" : "a tensor of another device"));
        }
        if (tensor.size() != expectedSize) {
            throw new DeviceException(
                    "%s: %s must have size %d, found %d"
                            .formatted(name, argument, expectedSize, tensor.size()));
        }
        return ((CpuIntTensor) tensor).values();
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
