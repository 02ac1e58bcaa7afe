package org.centerloss.device.cpu;

import java.util.Arrays;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Op;
import org.centerloss.device.Tensor;

/**
 * What every operation of the CPU device does alike: it is registered with the device, refuses to
 * run once closed, and checks its arguments.
 */
abstract class CpuOp implements Op {
    final CpuDevice device;

    private final String name;
    private long bytes;
    private boolean closed;

    /**
     * @param name the operation with its shape, for messages
     */
    CpuOp(CpuDevice device, String name) {
        this.device = device;
        this.name = name;
        device.opened(this, 0);
    }

    final String name() {
        return name;
    }

    /** Counts memory that this operation holds until it is closed. */
    final void holds(long moreBytes) {
        bytes += moreBytes;
        device.holds(moreBytes);
    }

    final void checkOpen() {
        if (closed) {
            throw new DeviceException(name + " was closed");
        }
        device.checkOpen();
    }

    /** The argument as a plain tensor of this device with the expected shape. */
    final CpuTensor plain(Tensor tensor, String argument, int... expected) {
        CpuTensor found = own(tensor, argument, expected);
        if (found.channelBlock() != 1) {
            throw new DeviceException(
                    "%s: %s must be a plain tensor, found an activation".formatted(name, argument));
        }
        return found;
    }

    /** The argument as an activation of this device with the expected shape. */
    final CpuTensor activation(Tensor tensor, String argument, int... expected) {
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
    final int[] integers(IntTensor tensor, String argument, int expectedSize) {
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

    /** Frees what is not on the Java heap; called once. */
    void free() {}

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            try {
                free();
            } finally {
                device.closed(this, bytes);
            }
        }
    }
}
