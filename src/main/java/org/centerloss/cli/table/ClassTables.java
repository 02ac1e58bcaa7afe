package org.centerloss.cli.table;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.cli.command.EvaluationResult.ClassFigures;

/**
 * Shows a person how a model does on each class, and which classes it takes for which. Of many
 * classes it shows those that are worst.
 *
 * @param width of the terminal, in characters
 */
record ClassTables(PrintWriter out, int width, List<ClassFigures> classes, long[][] confusion) {
    private static final int MANY_CLASSES = 40;
    private static final int WORST = 10;
    private static final int SHORTEST_NAME = 8;

    /** Images of one class that are taken for another. */
    private record Confusion(int actual, int predicted, long images) {}

    /** A table of the classes: all of them, or those with the lowest accuracy. */
    void printClasses() {
        List<ClassFigures> shown = classes;
        if (isMany()) {
            out.printf(
                    "the %d classes with the lowest accuracy, of %d (all: --json FILE)%n",
                    WORST, classes.size());
            shown =
                    classes.stream()
                            .filter(c -> c.images() > 0)
                            .sorted(Comparator.comparing(ClassFigures::accuracy))
                            .limit(WORST)
                            .toList();
        }
        List<Column> columns =
                List.of(
                        Column.name("class", nameWidth(shown, width - 44)),
                        Column.number("images", 6),
                        Column.number("accuracy", 8),
                        Column.name("distance to center", 24));
        Columns table = Columns.fitting(width, columns, List.of());
        out.println(table.head());
        for (ClassFigures c : shown) {
            boolean measured = c.images() > 0;
            out.println(
                    table.line(
                            List.of(
                                    Columns.shortened(c.name(), columns.get(0).width()),
                                    String.valueOf(c.images()),
                                    measured ? text("%.2f %%", 100 * c.accuracy()) : "",
                                    measured
                                            ? text(
                                                    "%.4f ± %.4f",
                                                    c.distanceMean(), c.distanceDeviation())
                                            : "")));
        }
    }

    private boolean isMany() {
        return classes.size() > MANY_CLASSES;
    }

    private static int nameWidth(List<ClassFigures> classes, int room) {
        int longest = classes.stream().mapToInt(c -> Columns.width(c.name())).max().orElse(0);
        return Math.min(longest, Math.max(SHORTEST_NAME, room));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** The confusion matrix where it fits, else the largest confusions. */
    void printConfusion() {
        long largest = Arrays.stream(confusion).flatMapToLong(Arrays::stream).max().orElse(0);
        int cell = Math.max(String.valueOf(largest).length(), 3) + 1;
        int room = width - 5 - cell * confusion.length - 2;
        if (isMany() || room < SHORTEST_NAME) {
            printLargestConfusions();
            return;
        }
        out.println("confusion matrix: a row per true class, a column per predicted class");
        out.printf("%5s", "");
        for (int c = 0; c < confusion.length; c++) {
            out.printf("%" + cell + "d", c);
        }
        out.println();
        for (int c = 0; c < confusion.length; c++) {
            out.printf("%4d ", c);
            for (long n : confusion[c]) {
                out.printf("%" + cell + "s", n == 0 ? "·" : String.valueOf(n));
            }
            out.printf("  %s%n", Columns.shortened(classes.get(c).name(), room));
        }
    }

    private void printLargestConfusions() {
        List<Confusion> all = confusions();
        if (all.isEmpty()) {
            out.println("no image is taken for one of another class");
            return;
        }
        List<Confusion> shown = all.subList(0, Math.min(WORST, all.size()));
        out.printf(
                "the largest of %d confusions (the whole matrix: --confusion FILE)%n", all.size());
        int names = (width - 28) / 2;
        List<Column> columns =
                List.of(
                        Column.name("class", nameWidth(named(shown, Confusion::actual), names)),
                        Column.name(
                                "taken for", nameWidth(named(shown, Confusion::predicted), names)),
                        Column.number("images", 6),
                        Column.number("of the class", 8));
        Columns table = Columns.fitting(width, columns, List.of());
        out.println(table.head());
        for (Confusion c : shown) {
            out.println(
                    table.line(
                            List.of(
                                    shortName(c.actual, columns.get(0)),
                                    shortName(c.predicted, columns.get(1)),
                                    String.valueOf(c.images),
                                    text(
                                            "%.2f %%",
                                            100.0 * c.images / classes.get(c.actual).images()))));
        }
    }

    private String shortName(int label, Column column) {
        return Columns.shortened(classes.get(label).name(), column.width());
    }

    private List<ClassFigures> named(List<Confusion> confusions, ToIntFunction<Confusion> label) {
        return confusions.stream().map(c -> classes.get(label.applyAsInt(c))).toList();
    }

    /** Most images first, in the order of the classes where they are as many. */
    private List<Confusion> confusions() {
        List<Confusion> all = new ArrayList<>();
        for (int actual = 0; actual < confusion.length; actual++) {
            long[] row = confusion[actual];
            for (int predicted = 0; predicted < row.length; predicted++) {
                if (predicted != actual && row[predicted] > 0) {
                    all.add(new Confusion(actual, predicted, row[predicted]));
                }
            }
        }
        all.sort(Comparator.comparingLong(Confusion::images).reversed());
        return all;
    }
}
