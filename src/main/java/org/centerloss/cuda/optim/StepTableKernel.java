package org.centerloss.cuda.optim;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.driver.Staging;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.StepTable;

/** {@code kernels/step_table.cu}. */
public final class StepTableKernel extends CudaOp implements StepTable {
    private static final Grid GRID = Grid.of(1, 32);

    private final int capacity;
    private final int values;
    private final Kernel next;
    private final DeviceMemory table;

    /** The kernel's struct Position: next row, number of rows. */
    private final DeviceMemory position;

    private boolean begun;

    public StepTableKernel(CudaDevice device, int capacity, int values) {
        super(device, "step table [%d, %d]".formatted(capacity, values));
        int size = planned(() -> TensorForm.elements(capacity, values));
        this.capacity = capacity;
        this.values = values;
        next = kernel(KernelFunction.STEP_TABLE_NEXT);
        table = workspace((long) Float.BYTES * size);
        position = workspace(2L * Integer.BYTES);
    }

    @Override
    public void begin(double[] rows) {
        checkOpen();
        int count = rows.length / values;
        if (count < 1 || count > capacity || rows.length % values != 0) {
            throw new DeviceException(
                    "%s: expected 1 to %d rows of %d values, found %d values"
                            .formatted(name(), capacity, values, rows.length));
        }
        upload(
                table,
                rows.length,
                (host, first, length) -> {
                    for (int i = 0; i < length; i++) {
                        host.bytes().putFloat(Float.BYTES * i, (float) rows[first + i]);
                    }
                });
        upload(
                position,
                2,
                (host, first, length) -> host.ints().put(0, new int[] {0, count}, first, length));
        begun = true;
    }

    private void upload(DeviceMemory memory, int elements, Staging.Transfer fill) {
        device.staging().upload(name() + " begin", memory.address(), elements, Float.BYTES, fill);
    }

    @Override
    public void next(Tensor row) {
        checkOpen();
        device.stream().require(this, this::checkBegun);
        next.launch(GRID, table, position, values, plain(row, "row", values));
    }

    private void checkBegun() {
        if (!begun) {
            throw new DeviceException(name() + ": next was called before begin");
        }
    }
}
