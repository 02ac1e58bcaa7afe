package org.centerloss.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.centerloss.train.AtomicFile;

/**
 * A small table of text: for a terminal, as Markdown, as CSV.
 *
 * @param header a name for each column
 * @param rows as many cells each
 */
public record TextTable(List<String> header, List<List<String>> rows) {
    /** What stands for a number that there is none of. */
    public static final String NONE = "–";

    /** The header and the rows, their columns aligned: numbers to the right, names to the left. */
    public List<String> lines() {
        int[] widths = IntStream.range(0, header.size()).map(this::width).toArray();
        return all().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        IntFunction<String> cell =
                c -> String.format("%" + (numeric(c) ? "" : "-") + widths[c] + "s", row.get(c));
        return IntStream.range(0, widths.length)
                .mapToObj(cell)
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private Stream<List<String>> all() {
        return Stream.concat(Stream.of(header), rows.stream());
    }

    private int width(int column) {
        return all().mapToInt(row -> row.get(column).length()).max().orElseThrow();
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
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Writes it as CSV, replacing the file in one step. */
    public void writeCsv(Path file) {
        String text =
                all().map(row -> CSVFormat.DEFAULT.format(row.toArray()) + "\n")
                        .collect(Collectors.joining());
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
