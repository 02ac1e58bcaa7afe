package org.centerloss.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import org.centerloss.device.Peaks;
import org.centerloss.device.Variant;

/** Prints rows as they come, aligned for a person. */
public final class KernelTable {
    private static final String LAYOUT =
            "%-18s %-8s %-8s %6s %4s %7s %9s %9s %9s %7s %7s %8s %6s %6s %8s %5s %8s %8s %-5s%s";

    private final PrintWriter out;
    private final Peaks peaks;
    private final KernelComparison earlier;

    /**
     * @param earlier a run that each row is set beside; null for none
     */
    public KernelTable(PrintWriter out, Peaks peaks, KernelComparison earlier) {
        this.out = out;
        this.peaks = peaks;
        this.earlier = earlier;
    }

    /** Prints the names of the columns. */
    public void header() {
        print(
                "op",
                "variant",
                "pass",
                "m",
                "d",
                "C",
                "median",
                "p20",
                "p80",
                "noise",
                "GB/s",
                "GFLOP/s",
                "of GB",
                "of GF",
                "memory",
                "runs",
                "error",
                "speed-up",
                "check",
                earlier == null ? "" : "  now / then");
    }

    /** Prints a row. */
    public void row(KernelRow row) {
        KernelShape shape = row.key().shape();
        Timing timing = row.timing();
        String remark = row.note().isEmpty() ? "" : "  " + row.note();
        if (row.status() == KernelRow.Status.SKIPPED) {
            remark = "  skipped: " + row.note();
        }
        if (earlier != null && timing != null) {
            Optional<KernelComparison.Change> change = earlier.change(row);
            remark = change.map(c -> "  " + c.describe()).orElse("  new") + remark;
        }
        print(
                row.key().op().title(),
                name(row.key().variant()),
                row.key().pass().key(),
                shape.batch(),
                shape.features(),
                shape.classes(),
                timing == null ? "" : Units.seconds(timing.median()),
                timing == null ? "" : Units.seconds(timing.p20()),
                timing == null ? "" : Units.seconds(timing.p80()),
                timing == null ? "" : Units.percent(timing.noise()),
                timing == null ? "" : Units.digits(row.bytesPerSecond() / 1e9),
                timing == null ? "" : Units.digits(row.flopsPerSecond() / 1e9),
                timing == null ? "" : Units.percent(row.shareOfBandwidth(peaks)),
                timing == null ? "" : Units.percent(row.shareOfArithmetic(peaks)),
                row.extraBytes() < 0 ? "" : Units.bytes(row.extraBytes()),
                row.launches().isEmpty() ? "" : row.launches().getAsInt(),
                Double.isNaN(row.error()) ? "" : "%.1e".formatted(row.error()),
                Double.isNaN(row.speedUp()) ? "" : Units.digits(row.speedUp()),
                row.status() == KernelRow.Status.SKIPPED ? "" : row.status(),
                remark);
    }

    private void print(Object... columns) {
        out.println(LAYOUT.formatted(columns).stripTrailing());
        out.flush();
    }

    /** A variant's name on the command line and in files. */
    public static String name(Variant variant) {
        return variant.name().toLowerCase(Locale.ROOT);
    }
}
