package org.centerloss.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.centerloss.evaluate.Embeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embeddings as Parquet, read by DuckDB. */
class ParquetFilesTest {
    @TempDir private Path folder;

    /** What DuckDB makes of a query: a list of cells per row, the names of the columns first. */
    private static List<List<Object>> query(String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData columns = result.getMetaData();
            List<Object> names = new ArrayList<>();
            for (int c = 1; c <= columns.getColumnCount(); c++) {
                names.add(columns.getColumnName(c) + " " + columns.getColumnTypeName(c));
            }
            rows.add(names);
            while (result.next()) {
                List<Object> cells = new ArrayList<>();
                for (int c = 1; c <= names.size(); c++) {
                    cells.add(result.getObject(c));
                }
                rows.add(cells);
            }
        }
        return rows;
    }

    @Test
    void duckDbReadsTheParquetOfADataSet() throws SQLException {
        Path file = folder.resolve("e.parquet");
        EmbeddingFormat.PARQUET.write(EmbeddingTables.numbered(), file);
        assertEquals(
                List.of(
                        List.of(
                                "index INTEGER",
                                "label VARCHAR",
                                "predicted VARCHAR",
                                "f0 FLOAT",
                                "f1 FLOAT"),
                        List.of(0, "äöü", "äöü", 0.1f, -3e-20f),
                        List.of(
                                1,
                                EmbeddingTables.CLASSES.get(0),
                                EmbeddingTables.CLASSES.get(1),
                                Float.MIN_VALUE,
                                1f / 3),
                        List.of(
                                2,
                                EmbeddingTables.CLASSES.get(1),
                                EmbeddingTables.CLASSES.get(1),
                                Float.MAX_VALUE,
                                Float.NaN)),
                query("SELECT * FROM '%s'".formatted(file)));
    }

    @Test
    void duckDbReadsTheListsOfAParquet() throws SQLException {
        Path file = folder.resolve("e.parquet");
        EmbeddingFormat.PARQUET.write(EmbeddingTables.numbered(), file, EmbeddingTable.Layout.LIST);
        assertEquals(
                List.of(
                        List.of(
                                "index INTEGER",
                                "label VARCHAR",
                                "predicted VARCHAR",
                                "features FLOAT[]",
                                "len(features) BIGINT",
                                "features[2] FLOAT"),
                        List.of(0, "äöü", "äöü", "[0.1, -3.0E-20]", 2L, -3e-20f),
                        List.of(
                                1,
                                EmbeddingTables.CLASSES.get(0),
                                EmbeddingTables.CLASSES.get(1),
                                "[1.4E-45, 0.33333334]",
                                2L,
                                1f / 3),
                        List.of(
                                2,
                                EmbeddingTables.CLASSES.get(1),
                                EmbeddingTables.CLASSES.get(1),
                                "[3.4028235E38, NaN]",
                                2L,
                                Float.NaN)),
                query("SELECT *, len(features), features[2] FROM '%s'".formatted(file)).stream()
                        .map(row -> row.stream().map(ParquetFilesTest::listAsText).toList())
                        .toList());
    }

    private static Object listAsText(Object cell) {
        return cell instanceof Array list ? list.toString() : cell;
    }

    @Test
    void duckDbReadsTheParquetAndTheCsvOfFiles() throws SQLException {
        Path parquet = folder.resolve("e.parquet");
        Path csv = folder.resolve("e.csv");
        EmbeddingFormat.PARQUET.write(EmbeddingTables.ofFiles(), parquet);
        EmbeddingFormat.CSV.write(EmbeddingTables.ofFiles(), csv);
        List<List<Object>> expected =
                List.of(
                        List.of(
                                "file VARCHAR",
                                "label VARCHAR",
                                "predicted VARCHAR",
                                "f0 FLOAT",
                                "error VARCHAR"),
                        Arrays.asList(
                                "photos/a, b.png", null, EmbeddingTables.CLASSES.get(1), 4f, null),
                        Arrays.asList(
                                "größe.png",
                                EmbeddingTables.CLASSES.get(0),
                                EmbeddingTables.CLASSES.get(2),
                                5f,
                                null),
                        Arrays.asList("c.png", null, null, null, "empty file: expected an image"));
        assertEquals(expected, query("SELECT * FROM '%s'".formatted(parquet)));
        assertEquals(
                expected,
                query("SELECT * FROM read_csv('%s', types={'f0': 'FLOAT'})".formatted(csv)));
    }

    /** With several, their order in the file would change from process to process. */
    @Test
    void aParquetColumnHasOneEncoding() throws SQLException {
        Path file = folder.resolve("e.parquet");
        EmbeddingFormat.PARQUET.write(EmbeddingTables.ofFiles(), file);
        List<List<Object>> encodings =
                query(
                        "SELECT path_in_schema, encodings FROM parquet_metadata('%s')"
                                .formatted(file));
        assertEquals(6, encodings.size());
        for (List<Object> column : encodings.subList(1, 6)) {
            assertFalse(column.get(1).toString().contains(","), column.toString());
        }
    }

    @Test
    void aParquetOfSeveralRowGroupsIsWhole() throws SQLException {
        int count = 80_000;
        int dimension = 60;
        float[] features = new float[count * dimension];
        Random random = new Random(1);
        for (int i = 0; i < features.length; i++) {
            features[i] = random.nextFloat();
        }
        Path file = folder.resolve("large.parquet");
        EmbeddingFormat.PARQUET.write(
                new EmbeddingTable(
                        EmbeddingTables.CLASSES,
                        List.of(),
                        new Embeddings(dimension, features, new int[count], new int[count])),
                file);
        List<List<Object>> groups =
                query(
                        "SELECT count(DISTINCT row_group_id) FROM parquet_metadata('%s')"
                                .formatted(file));
        assertTrue((long) groups.get(1).get(0) > 1, groups.toString());
        List<List<Object>> rows =
                query("SELECT index, f0, f59 FROM '%s' ORDER BY index".formatted(file));
        assertEquals(count + 1, rows.size());
        for (int i = 0; i < count; i++) {
            assertEquals(
                    List.of(i, features[i * dimension], features[i * dimension + 59]),
                    rows.get(i + 1));
        }
    }
}
