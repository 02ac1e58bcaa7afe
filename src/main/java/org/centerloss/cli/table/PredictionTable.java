package org.centerloss.cli.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.base.SpreadsheetCell;
import org.centerloss.cli.Terminal;
import org.centerloss.evaluate.Prediction;

/**
 * What is said of images: a line for each.
 *
 * @param classes class names; a label is an index into them
 */
public record PredictionTable(List<String> classes, List<Row> rows) {
    private static final CSVFormat CSV = CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    /**
     * An image.
     *
     * @param prediction null for an image that could not be read
     * @param unknown whether it shows none of the classes; null where there is no threshold
     * @param refusal why it could not be read; null if it could
     */
    public record Row(Path file, Prediction prediction, Boolean unknown, String refusal) {}

    private String name(int label) {
        return label < 0 ? null : classes.get(label);
    }

    /** Prints it for people. */
    public void print(PrintWriter out) {
        List<List<String>> cells =
                rows.stream().filter(row -> row.prediction() != null).map(this::cells).toList();
        List<String> files = rows.stream().map(row -> row.file().toString()).toList();
        Columns table =
                Columns.fitting(
                        Terminal.width(),
                        List.of(
                                Column.name("image", width(files)),
                                Column.name("class", width(column(cells, 1))),
                                Column.number("distance", width(column(cells, 2))),
                                Column.number("margin", width(column(cells, 3))),
                                Column.name("next", width(column(cells, 4)))),
                        List.of("next", "margin"));
        out.println(table.head());
        for (Row row : rows) {
            out.println(
                    table.line(
                            row.prediction() != null
                                    ? cells(row)
                                    : List.of(row.file().toString(), row.refusal(), "", "", "")));
        }
    }

    private List<String> cells(Row row) {
        Prediction p = row.prediction();
        return List.of(
                row.file().toString(),
                shownClass(row),
                shown(p.distance()),
                shown(p.margin()),
                p.next() < 0 ? "–" : name(p.next()));
    }

    private static List<String> column(List<List<String>> cells, int column) {
        return cells.stream().map(row -> row.get(column)).toList();
    }

    private static int width(List<String> cells) {
        return cells.stream().mapToInt(Columns::width).max().orElse(0);
    }

    private String shownClass(Row row) {
        String name = name(row.prediction().label());
        return Boolean.TRUE.equals(row.unknown()) ? "unknown (" + name + "?)" : name;
    }

    private static String shown(double value) {
        return Double.isNaN(value) ? "–" : Columns.number(value, 4, 10);
    }

    /**
     * Writes it for programs, UTF-8: {@code class} is the likeliest in any case, {@code unknown} is
     * empty without a threshold, and so is what is not known.
     */
    public void writeCsv(OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        CSV.printRecord(writer, "file", "class", "distance", "margin", "next", "unknown", "error");
        for (Row row : rows) {
            Prediction p = row.prediction();
            if (p == null) {
                CSV.printRecord(
                        writer,
                        SpreadsheetCell.of(row.file()),
                        null,
                        null,
                        null,
                        null,
                        null,
                        SpreadsheetCell.of(row.refusal()));
            } else {
                CSV.printRecord(
                        writer,
                        SpreadsheetCell.of(row.file()),
                        SpreadsheetCell.of(name(p.label())),
                        orNothing(p.distance()),
                        orNothing(p.margin()),
                        SpreadsheetCell.of(name(p.next())),
                        row.unknown(),
                        null);
            }
        }
        writer.flush();
    }

    private static Double orNothing(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
