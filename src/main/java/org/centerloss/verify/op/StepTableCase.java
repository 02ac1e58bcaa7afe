package org.centerloss.verify.op;

import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.StepTable;
import org.centerloss.verify.Tolerance;

/** All rows of a table, what lies behind them, and a second, shorter table, in one program. */
public record StepTableCase(int capacity, int values) implements OpCase {
    private static final int BEHIND = 2;

    public static List<OpCase> all() {
        return List.of(
                new StepTableCase(1, 1),
                new StepTableCase(2, 31),
                new StepTableCase(5, 3),
                new StepTableCase(31, 2),
                new StepTableCase(33, 33),
                new StepTableCase(3, 257));
    }

    @Override
    public String op() {
        return "step table";
    }

    @Override
    public String shape() {
        return capacity + "×" + values;
    }

    /** The rows of the second table, where it can be shorter. */
    private int fewer() {
        return (capacity + 1) / 2;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("first", draw.normal(capacity * values))
                .put("second", draw.normal(fewer() * values));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        StepTable table = stage.own(stage.device().stepTable(capacity, values));
        Tensor block = stage.own(stage.device().tensor(2 * Device.ALIGNMENT + values));
        Tensor row = block.slice(Device.ALIGNMENT, values);
        Program next = stage.own(stage.device().record(() -> table.next(row)));
        table.begin(inputs.numbers("first"));
        putRows(stage, "first table", capacity, next, block);
        table.begin(inputs.numbers("second"));
        putRows(stage, "second table", fewer(), next, block);
    }

    private static void putRows(OpRun stage, String name, int rows, Program next, Tensor block) {
        int size = Math.toIntExact(block.size());
        double[] read = new double[rows * size];
        for (int r = 0; r < rows; r++) {
            next.run();
            System.arraycopy(block.toDoubles(), 0, read, r * size, size);
        }
        stage.put(name + ", rows and their surroundings", read, Tolerance.EXACT);
        for (int r = 0; r < BEHIND; r++) {
            next.run();
            double[] missing =
                    Arrays.stream(block.toDoubles()).map(v -> Double.isNaN(v) ? 1 : 0).toArray();
            stage.put(name + ", NaN behind it " + r, missing, Tolerance.EXACT);
            block.zero();
        }
    }
}
