package org.centerloss.baseline;

import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Op;

/** What composed operations share: planned matrix operations, and the matrices that they own. */
abstract class ComposedOp implements Op {
    final MatrixOps ops;
    private final Device device;
    private final String name;
    private final Resources owned = new Resources();

    ComposedOp(ComposedOps kind, String name, int rows, int columns, int features) {
        this.device = kind.device();
        this.name = "composed " + name;
        ops = owned.add(kind.matrices().plan(this.name, rows, columns, features));
    }

    /** A tensor that is freed with this operation, which goes where there is no memory for it. */
    final Tensor workspace(int... shape) {
        try {
            return owned.add(device.tensor(shape));
        } catch (DeviceException e) {
            close();
            throw new DeviceException(name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public final void close() {
        owned.close();
    }
}
