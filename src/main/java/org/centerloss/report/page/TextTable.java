package org.centerloss.report.page;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.base.Printable;
import org.centerloss.base.SpreadsheetCell;

/**
 * A small table of text: for a terminal, as Markdown, as CSV.
 *
 * @param header a name for each column
 * @param rows as many cells each
 */
public record TextTable(List<String> header, List<List<String>> rows) {
    /** What stands for a number that there is none of. */
    public static final String NONE = "–";

    /**
     * The header and the rows, their columns aligned: numbers to the right, names to the left.
     *
     * @param width of the terminal, in characters
     * @param spare the columns that are left out where it is too narrow, the first one first
     */
    public List<String> lines(int width, List<String> spare) {
        Columns columns =
                Columns.fitting(
                        width,
                        IntStream.range(0, header.size()).mapToObj(this::column).toList(),
                        spare);
        return all().map(columns::line).toList();
    }

    private Column column(int c) {
        return new Column(header.get(c), width(c), !numeric(c));
    }

    private Stream<List<String>> all() {
        return Stream.concat(Stream.of(header), rows.stream());
    }

    private int width(int column) {
        return all().mapToInt(row -> Columns.width(row.get(column))).max().orElseThrow();
    }

    private boolean numeric(int column) {
        return rows.stream()
                .map(row -> row.get(column))
                .allMatch(cell -> cell.equals(NONE) || cell.matches("[-+]?[0-9].*"));
    }

    /** As a Markdown table, a line each. */
    public String markdown() {
        String rule =
                IntStream.range(0, header.size())
                        .mapToObj(c -> numeric(c) ? "---:" : "---")
                        .collect(Collectors.joining(" | ", "| ", " |\n"));
        return markdown(header)
                + rule
                + rows.stream().map(TextTable::markdown).collect(Collectors.joining());
    }

    private static String markdown(List<String> row) {
        return row.stream()
                .map(cell -> Printable.of(cell).replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** As CSV, a line each. */
    public String csv() {
        return all().map(row -> row.stream().map(TextTable::cell).toArray())
                .map(cells -> CSVFormat.DEFAULT.format(cells) + "\n")
                .collect(Collectors.joining());
    }

    private static String cell(String text) {
        return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") ? text : SpreadsheetCell.of(text);
    }

    /** Writes it as CSV, replacing the file in one step. */
    public void writeCsv(Path file) {
        AtomicFile.write(file, out -> out.write(csv().getBytes(StandardCharsets.UTF_8)));
    }
}
