package org.centerloss.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.Optional;
import java.util.Random;
import org.centerloss.base.InputException;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.format.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are read by readers that share nothing with the writers. */
class EmbeddingFilesTest {
    private static final List<String> CLASSES = List.of("T-shirt/top", "say \"hi\", twice", "äöü");

    @TempDir private Path folder;

    private static EmbeddingTable numbered() {
        float[] features = {0.1f, -3e-20f, Float.MIN_VALUE, 1f / 3, Float.MAX_VALUE, Float.NaN};
        return new EmbeddingTable(
                CLASSES,
                List.of(),
                new Embeddings(2, features, new int[] {2, 0, 1}, new int[] {2, 1, 1}));
    }

    private static EmbeddingTable ofFiles() {
        return new EmbeddingTable(
                CLASSES,
                List.of(Path.of("photos/a, b.png"), Path.of("größe.png"), Path.of("c.png")),
                Arrays.asList(null, null, "empty file: expected an image"),
                new Embeddings(
                        1,
                        new float[] {4, 5, Float.NaN},
                        new int[] {-1, 0, -1},
                        new int[] {1, 2, 0}));
    }

    @Test
    void csvQuotesNamesAndKeepsEveryDigit() throws IOException {
        Path file = folder.resolve("e.csv");
        assertEquals(List.of(file), EmbeddingFormat.CSV.write(numbered(), file));
        assertEquals(
                """
                index,label,predicted,f0,f1
                0,äöü,äöü,0.1,-3.0E-20
                1,T-shirt/top,"say ""hi"", twice",1.4E-45,0.33333334
                2,"say ""hi"", twice","say ""hi"", twice",3.4028235E38,NaN
                """,
                Files.readString(file));
    }

    @Test
    void csvOfFilesNamesThemAndLeavesUnknownLabelsEmpty() throws IOException {
        Path file = folder.resolve("e.csv");
        EmbeddingFormat.CSV.write(ofFiles(), file);
        assertEquals(
                """
                file,label,predicted,f0,error
                "photos/a, b.png",,"say ""hi"", twice",4.0,
                größe.png,T-shirt/top,äöü,5.0,
                c.png,,,,empty file: expected an image
                """,
                Files.readString(file));
    }

    @Test
    void npyHoldsFeaturesAndLabelsBesideThem() throws IOException {
        Path file = folder.resolve("some.name.npy");
        Path labels = folder.resolve("some.name-labels.npy");
        assertEquals(List.of(file, labels), EmbeddingFormat.NPY.write(numbered(), file));
        NpyReader features = NpyReader.read(Files.readAllBytes(file));
        assertEquals(
                "'descr': '<f4', 'fortran_order': False, 'shape': (3, 2,)", features.entries());
        float[] values = new float[6];
        features.values().asFloatBuffer().get(values);
        assertArrayEquals(numbered().embeddings().features(), values);
        NpyReader known = NpyReader.read(Files.readAllBytes(labels));
        assertEquals("'descr': '<i4', 'fortran_order': False, 'shape': (3,)", known.entries());
        int[] classes = new int[3];
        known.values().asIntBuffer().get(classes);
        assertArrayEquals(new int[] {2, 0, 1}, classes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 16_384, 16_385, 100_000})
    void npyOfAnyLengthIsAlignedAndWhole(int count) throws IOException {
        float[] expected = new float[count];
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            expected[i] = random.nextFloat();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npy.write(out, expected, count, 1);
        NpyReader read = NpyReader.read(out.toByteArray());
        assertEquals(
                "'descr': '<f4', 'fortran_order': False, 'shape': (%d, 1,)".formatted(count),
                read.entries());
        float[] values = new float[count];
        read.values().asFloatBuffer().get(values);
        assertArrayEquals(expected, values);
    }

    @Test
    void npyRefusesAShapeThatDoesNotFit() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThrows(IllegalArgumentException.class, () -> Npy.write(out, new float[5], 2, 3));
    }

    /** By the letter of the format's definition, version 1.0. */
    private record NpyReader(String entries, ByteBuffer values) {
        static NpyReader read(byte[] bytes) {
            assertEquals("\u0093NUMPY", new String(bytes, 0, 6, StandardCharsets.ISO_8859_1));
            assertEquals(1, bytes[6], "major version");
            assertEquals(0, bytes[7], "minor version");
            int length = (bytes[8] & 0xff) | (bytes[9] & 0xff) << 8;
            assertEquals(0, (10 + length) % 64, "where the values start");
            String header = new String(bytes, 10, length, StandardCharsets.US_ASCII);
            assertTrue(header.matches("\\{.*, } *\n"), header);
            ByteBuffer values = ByteBuffer.wrap(bytes, 10 + length, bytes.length - 10 - length);
            return new NpyReader(
                    header.substring(1, header.lastIndexOf(", }")),
                    values.slice().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

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
        EmbeddingFormat.PARQUET.write(numbered(), file);
        assertEquals(
                List.of(
                        List.of(
                                "index INTEGER",
                                "label VARCHAR",
                                "predicted VARCHAR",
                                "f0 FLOAT",
                                "f1 FLOAT"),
                        List.of(0, "äöü", "äöü", 0.1f, -3e-20f),
                        List.of(1, CLASSES.get(0), CLASSES.get(1), Float.MIN_VALUE, 1f / 3),
                        List.of(2, CLASSES.get(1), CLASSES.get(1), Float.MAX_VALUE, Float.NaN)),
                query("SELECT * FROM '%s'".formatted(file)));
    }

    @Test
    void duckDbReadsTheListsOfAParquet() throws SQLException {
        Path file = folder.resolve("e.parquet");
        EmbeddingFormat.PARQUET.write(numbered(), file, EmbeddingTable.Layout.LIST);
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
                                CLASSES.get(0),
                                CLASSES.get(1),
                                "[1.4E-45, 0.33333334]",
                                2L,
                                1f / 3),
                        List.of(
                                2,
                                CLASSES.get(1),
                                CLASSES.get(1),
                                "[3.4028235E38, NaN]",
                                2L,
                                Float.NaN)),
                query("SELECT *, len(features), features[2] FROM '%s'".formatted(file)).stream()
                        .map(row -> row.stream().map(EmbeddingFilesTest::listAsText).toList())
                        .toList());
    }

    private static Object listAsText(Object cell) {
        return cell instanceof Array list ? list.toString() : cell;
    }

    @Test
    void duckDbReadsTheParquetAndTheCsvOfFiles() throws SQLException {
        Path parquet = folder.resolve("e.parquet");
        Path csv = folder.resolve("e.csv");
        EmbeddingFormat.PARQUET.write(ofFiles(), parquet);
        EmbeddingFormat.CSV.write(ofFiles(), csv);
        List<List<Object>> expected =
                List.of(
                        List.of(
                                "file VARCHAR",
                                "label VARCHAR",
                                "predicted VARCHAR",
                                "f0 FLOAT",
                                "error VARCHAR"),
                        Arrays.asList("photos/a, b.png", null, CLASSES.get(1), 4f, null),
                        Arrays.asList("größe.png", CLASSES.get(0), CLASSES.get(2), 5f, null),
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
        EmbeddingFormat.PARQUET.write(ofFiles(), file);
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
                        CLASSES,
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

    @ParameterizedTest
    @EnumSource(EmbeddingFormat.class)
    void theSameTableGivesTheSameBytes(EmbeddingFormat format) throws IOException {
        Path first = folder.resolve("first" + format.ending());
        Path second = folder.resolve("second" + format.ending());
        List<Path> files = format.write(numbered(), first);
        List<Path> again = format.write(numbered(), second);
        for (int i = 0; i < files.size(); i++) {
            assertArrayEquals(Files.readAllBytes(files.get(i)), Files.readAllBytes(again.get(i)));
        }
    }

    @ParameterizedTest
    @EnumSource(EmbeddingFormat.class)
    void aFailureLeavesNothingBehind(EmbeddingFormat format) throws IOException {
        Path file = folder.resolve("no/such/folder" + format.ending());
        InputException refusal =
                assertThrows(InputException.class, () -> format.write(numbered(), file));
        assertTrue(refusal.getMessage().contains("cannot be written"), refusal.getMessage());
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void theEndingTellsTheFormat() {
        assertEquals(Optional.of(EmbeddingFormat.CSV), EmbeddingFormat.of(Path.of("a/b.csv")));
        assertEquals(Optional.of(EmbeddingFormat.NPY), EmbeddingFormat.of(Path.of("B.NPY")));
        assertEquals(
                Optional.of(EmbeddingFormat.PARQUET), EmbeddingFormat.of(Path.of("x.y.parquet")));
        assertEquals(Optional.empty(), EmbeddingFormat.of(Path.of("x.csv.gz")));
        assertEquals(Optional.empty(), EmbeddingFormat.of(Path.of("/")));
        assertEquals(List.of(".csv", ".npy", ".parquet"), EmbeddingFormat.endings());
    }
}
