package org.centerloss.peer;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Comparisons as rows, for a person's screen and for Markdown. */
final class ComparisonTable {
    private static final List<String> HEADS =
            List.of(
                    "workload",
                    "peer",
                    "centerloss",
                    "peer's",
                    "ratio (lowest–highest)",
                    "memory",
                    "peer's",
                    "share");
    private static final int[] WIDTHS = {32, 18, 10, 10, 22, 10, 10, 7};

    private ComparisonTable() {}

    /** The heads above {@link #line}. */
    static String head() {
        return aligned(HEADS);
    }

    /** A comparison in columns. */
    static String line(Comparison comparison) {
        return aligned(cells(comparison));
    }

    private static String aligned(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < WIDTHS.length; i++) {
            String format = i < 2 ? "%-" + WIDTHS[i] + "s" : "%" + WIDTHS[i] + "s";
            line.append(format.formatted(cells.get(i))).append(i + 1 < WIDTHS.length ? "  " : "");
        }
        return line.toString();
    }

    private static List<String> cells(Comparison comparison) {
        double[] ratios = comparison.ratios();
        return List.of(
                comparison.workload().title(),
                peerName(comparison.peer()),
                milliseconds(comparison.ourSeconds()),
                milliseconds(comparison.theirSeconds()),
                format(
                        "%.2f (%.2f–%.2f)",
                        comparison.ratio(), ratios[0], ratios[ratios.length - 1]),
                megabytes(comparison.ourBytes()),
                megabytes(comparison.theirBytes()),
                format("%.1f %%", 100 * comparison.ourBytes() / comparison.theirBytes()));
    }

    private static String peerName(String contender) {
        return contender.equals("LibtorchInPlace") ? "libtorch, in place" : "libtorch, autograd";
    }

    private static String milliseconds(double seconds) {
        double ms = 1e3 * seconds;
        return format(ms < 10 ? "%.2f ms" : "%.1f ms", ms);
    }

    private static String megabytes(double bytes) {
        return format("%.1f MB", bytes / 1e6);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** The whole as Markdown. */
    static String markdown(List<String> machine, List<Comparison> comparisons) {
        String rows =
                comparisons.stream()
                        .map(ComparisonTable::cells)
                        .map(cells -> "| " + String.join(" | ", cells) + " |\n")
                        .collect(Collectors.joining());
        return """
        %s

        Each figure is the median of rounds in which the two ran in turn, each in a process of its own. A ratio above 1
        means that centerloss is faster. Memory is how far a process' resident memory rose above the idle program's; share
        is centerloss' part of the peer's. Libtorch's losses go through full matrices: as PyTorch code writes them, with
        autograd, and with the gradients written by hand and the matrices reused in place.

        | workload | peer | centerloss | peer's | ratio (lowest–highest) | centerloss' memory | peer's memory | share |
        |---|---|---|---|---|---|---|---|
        %s"""
                .formatted(String.join("; ", machine) + ".", rows);
    }
}
