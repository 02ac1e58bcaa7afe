package org.centerloss.cpu.op;

import java.util.Arrays;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.StepTable;

/** The rows and the position in them on the Java heap. */
public final class CpuStepTable extends CpuOp implements StepTable {
    private final int capacity;
    private final int values;
    private final float[] table;

    /** What stands in a row behind the last. */
    private final float[] nothing;

    private int rows;
    private int position;

    public CpuStepTable(CpuDevice device, int capacity, int values) {
        super(device, "step table [%d, %d]".formatted(capacity, values));
        if (capacity < 1 || values < 1 || (long) capacity * values > Integer.MAX_VALUE / 4) {
            close();
            throw new DeviceException(
                    "%s: expected at least 1 row, at least 1 value and less than 2 GiB"
                            .formatted(name()));
        }
        this.capacity = capacity;
        this.values = values;
        table = new float[capacity * values];
        nothing = new float[values];
        Arrays.fill(nothing, Float.NaN);
        holds((long) Float.BYTES * (table.length + values));
    }

    @Override
    public void begin(double[] newRows) {
        checkOpen();
        int count = newRows.length / values;
        if (count < 1 || count > capacity || newRows.length % values != 0) {
            throw new DeviceException(
                    "%s: expected 1 to %d rows of %d values, found %d values"
                            .formatted(name(), capacity, values, newRows.length));
        }
        for (int i = 0; i < newRows.length; i++) {
            table[i] = (float) newRows[i];
        }
        rows = count;
        position = 0;
    }

    @Override
    public void next(Tensor row) {
        checkOpen();
        CpuTensor out = plain(row, "row", values);
        if (rows == 0) {
            throw new DeviceException(name() + ": next was called before begin");
        }
        if (position < rows) {
            out.buffer().put(0, table, position * values, values);
            position++;
        } else {
            out.buffer().put(0, nothing);
        }
    }
}
