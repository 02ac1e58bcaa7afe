package org.centerloss.reference;

import java.util.Arrays;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.Op;

/** What all operations share: their life, and the check of their arguments. */
abstract class ReferenceOp implements Op {
    final ReferenceDevice device;
    private final String name;
    private final long bytes;
    private boolean closed;

    /**
     * @param name the operation's name in messages
     * @param bytes what the operation keeps between calls
     * @param sizes the lengths of its shape, each at least 1
     */
    ReferenceOp(ReferenceDevice device, String name, long bytes, int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new DeviceException(
                        name + ": expected sizes of at least 1, found " + Arrays.toString(sizes));
            }
        }
        device.opened(this, bytes);
        this.device = device;
        this.name = name;
        this.bytes = bytes;
    }

    final String name() {
        return name;
    }

    void checkOpen() {
        device.checkOpen();
        if (closed) {
            throw new DeviceException(name + " was closed");
        }
    }

    /** The argument as a plain tensor of this shape, or an exception that says what it is. */
    ReferenceTensor plain(String argument, Tensor tensor, int... shape) {
        return checked(argument, tensor, false, shape);
    }

    /** The argument as an activation of this shape, or an exception that says what it is. */
    ReferenceTensor activation(String argument, Tensor tensor, int... shape) {
        return checked(argument, tensor, true, shape);
    }

    private ReferenceTensor checked(
            String argument, Tensor tensor, boolean activation, int... shape) {
        checkOpen();
        ReferenceTensor found =
                tensor instanceof ReferenceTensor own && own.device == device ? own : null;
        if (found == null || !found.form.is(device, activation, shape)) {
            throw TensorForm.unexpected(name, argument, activation, shape, tensor, found != null);
        }
        found.checkOpen();
        return found;
    }

    /** The argument as an integer tensor of this size, or an exception that says what it is. */
    ReferenceIntTensor integers(String argument, IntTensor tensor, int size) {
        checkOpen();
        ReferenceIntTensor found =
                tensor instanceof ReferenceIntTensor own && own.device == device ? own : null;
        if (found == null || found.size() != size) {
            throw TensorForm.unexpected(name, argument, size, tensor, found != null);
        }
        found.checkOpen();
        return found;
    }

    /** Whether a label is that of a class; one that is not belongs to none. */
    static boolean isClass(int label, int classes) {
        return label >= 0 && label < classes;
    }

    DeviceException mismatch(String argument, String expected, Object found) {
        return new DeviceException(
                name + ": " + argument + ": expected " + expected + ", found " + found);
    }

    @Override
    public void close() {
        if (!closed) {
            device.closed(this, bytes);
        }
        closed = true;
    }
}
