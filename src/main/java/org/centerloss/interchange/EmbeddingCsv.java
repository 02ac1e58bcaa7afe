package org.centerloss.interchange;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.centerloss.base.SpreadsheetCell;

/** Writes embeddings as CSV (RFC 4180, but for line ends of one byte). */
final class EmbeddingCsv {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private EmbeddingCsv() {}

    /** Features are written with the digits that give back the same float32. */
    static void write(EmbeddingTable table, OutputStream out) throws IOException {
        BufferedWriter writer =
                new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        FORMAT.printRecord(writer, table.columns().toArray());
        Object[] cells = new Object[table.columns().size()];
        for (int row = 0; row < table.count(); row++) {
            cells[0] = table.numbered() ? row : SpreadsheetCell.of(table.files().get(row));
            cells[1] = SpreadsheetCell.of(table.label(row));
            cells[2] = SpreadsheetCell.of(table.predicted(row));
            for (int k = 0; k < table.dimension(); k++) {
                cells[3 + k] = table.error(row) != null ? null : table.feature(row, k);
            }
            if (!table.numbered()) {
                cells[cells.length - 1] = SpreadsheetCell.of(table.error(row));
            }
            FORMAT.printRecord(writer, cells);
        }
        writer.flush();
    }
}
