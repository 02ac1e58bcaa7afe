package org.centerloss.reference;

import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.StepTable;

final class StepTableReference extends ReferenceOp implements StepTable {
    private final int capacity;
    private final int values;
    private double[] table;
    private int position;

    StepTableReference(ReferenceDevice device, int capacity, int values) {
        super(device, "step table", 8L * capacity * values, capacity, values);
        this.capacity = capacity;
        this.values = values;
    }

    @Override
    public void begin(double[] rows) {
        checkOpen();
        if (rows.length == 0 || rows.length % values != 0 || rows.length / values > capacity) {
            throw mismatch(
                    "rows",
                    "1 to %d rows of %d values".formatted(capacity, values),
                    rows.length + " values");
        }
        table = rows.clone();
        position = 0;
    }

    @Override
    public void next(Tensor row) {
        ReferenceTensor out = plain("row", row, values);
        if (table == null) {
            throw new DeviceException("step table: next before begin");
        }
        boolean inside = position < table.length / values;
        for (int k = 0; k < values; k++) {
            out.set(k, inside ? table[position * values + k] : Double.NaN);
        }
        if (inside) {
            position++;
        }
    }
}
