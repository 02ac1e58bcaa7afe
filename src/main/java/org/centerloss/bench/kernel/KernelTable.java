package org.centerloss.bench.kernel;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.bench.Timing;
import org.centerloss.bench.Units;
import org.centerloss.device.instrument.Peaks;

/**
 * Prints rows as they come, aligned for a person. A narrow terminal does without some of the
 * figures; the line above the table says which.
 */
public final class KernelTable {
    private static final List<String> SPARE =
            List.of(
                    "p20",
                    "p80",
                    "of GB",
                    "of GF",
                    "GFLOP/s",
                    "GB/s",
                    "runs",
                    "error",
                    "memory",
                    "noise",
                    "speed-up",
                    "check");

    private final PrintWriter out;
    private final Peaks peaks;
    private final KernelComparison earlier;
    private final Columns columns;
    private final int width;

    /**
     * @param width of the terminal, in characters
     * @param earlier a run that each row is set beside; null for none
     */
    public KernelTable(PrintWriter out, int width, Peaks peaks, KernelComparison earlier) {
        this.out = out;
        this.width = width;
        this.peaks = peaks;
        this.earlier = earlier;
        List<Column> all =
                new ArrayList<>(
                        List.of(
                                Column.name("op", 18),
                                Column.name("variant", 8),
                                Column.name("pass", 8),
                                Column.number("m", 4),
                                Column.number("d", 3),
                                Column.number("C", 3),
                                Column.number("median", 7),
                                Column.number("p20", 7),
                                Column.number("p80", 7),
                                Column.number("noise", 6),
                                Column.number("GB/s", 7),
                                Column.number("GFLOP/s", 7),
                                Column.number("of GB", 6),
                                Column.number("of GF", 6),
                                Column.number("memory", 7),
                                Column.number("runs", 4),
                                Column.number("error", 7),
                                Column.number("speed-up", 8),
                                Column.name("check", 5)));
        if (earlier != null) {
            all.add(Column.name("now / then", 13));
        }
        columns = Columns.fitting(width, all, SPARE);
    }

    /** Prints the names of the columns. */
    public void header() {
        if (!columns.leftOut().isEmpty()) {
            print(
                    "not shown on %d columns, but in --csv and --json: %s"
                            .formatted(width, String.join(", ", columns.leftOut())));
        }
        print(columns.head());
    }

    /** Prints a row. */
    public void row(KernelRow row) {
        boolean skipped = row.status() == KernelRow.Status.SKIPPED;
        KernelShape shape = row.key().shape();
        List<String> cells = new ArrayList<>();
        cells.add(row.key().op().title());
        cells.add(row.key().variant().key());
        cells.add(row.key().pass().key());
        cells.add(String.valueOf(shape.batch()));
        cells.add(String.valueOf(shape.features()));
        cells.add(String.valueOf(shape.classes()));
        cells.addAll(timing(row));
        cells.add(row.extraBytes() < 0 ? "" : Units.bytes(row.extraBytes()));
        cells.add(row.launches().isEmpty() ? "" : String.valueOf(row.launches().getAsInt()));
        cells.add(Double.isNaN(row.error()) ? "" : "%.1e".formatted(row.error()));
        cells.add(Double.isNaN(row.speedUp()) ? "" : Units.digits(row.speedUp()));
        cells.add(skipped ? "" : row.status().toString());
        if (earlier != null) {
            cells.add(row.timing() == null ? "" : change(row));
        }
        String remark = row.note().isEmpty() ? "" : "  " + row.note();
        print(columns.line(cells) + (skipped ? "  skipped:" : "") + remark);
    }

    private List<String> timing(KernelRow row) {
        Timing timing = row.timing();
        if (timing == null) {
            return Collections.nCopies(8, "");
        }
        return List.of(
                Units.seconds(timing.median()),
                Units.seconds(timing.p20()),
                Units.seconds(timing.p80()),
                Units.percent(timing.noise()),
                Units.digits(row.bytesPerSecond() / 1e9),
                Units.digits(row.flopsPerSecond() / 1e9),
                Units.percent(row.shareOfBandwidth(peaks)),
                Units.percent(row.shareOfArithmetic(peaks)));
    }

    private String change(KernelRow row) {
        return earlier.change(row).map(KernelComparison.Change::describe).orElse("new");
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }
}
