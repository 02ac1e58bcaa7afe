package org.centerloss.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.centerloss.base.InputException;
import org.centerloss.format.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are read by readers that share nothing with the writers. */
class EmbeddingFilesTest {
    @TempDir private Path folder;

    @Test
    void csvQuotesNamesAndKeepsEveryDigit() throws IOException {
        Path file = folder.resolve("e.csv");
        assertEquals(List.of(file), EmbeddingFormat.CSV.write(EmbeddingTables.numbered(), file));
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
        EmbeddingFormat.CSV.write(EmbeddingTables.ofFiles(), file);
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
        assertEquals(
                List.of(file, labels), EmbeddingFormat.NPY.write(EmbeddingTables.numbered(), file));
        NpyReader features = NpyReader.read(Files.readAllBytes(file));
        assertEquals(
                "'descr': '<f4', 'fortran_order': False, 'shape': (3, 2,)", features.entries());
        float[] values = new float[6];
        features.values().asFloatBuffer().get(values);
        assertArrayEquals(EmbeddingTables.numbered().embeddings().features(), values);
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

    @ParameterizedTest
    @EnumSource(EmbeddingFormat.class)
    void theSameTableGivesTheSameBytes(EmbeddingFormat format) throws IOException {
        Path first = folder.resolve("first" + format.ending());
        Path second = folder.resolve("second" + format.ending());
        List<Path> files = format.write(EmbeddingTables.numbered(), first);
        List<Path> again = format.write(EmbeddingTables.numbered(), second);
        for (int i = 0; i < files.size(); i++) {
            assertArrayEquals(Files.readAllBytes(files.get(i)), Files.readAllBytes(again.get(i)));
        }
    }

    @ParameterizedTest
    @EnumSource(EmbeddingFormat.class)
    void aFailureLeavesNothingBehind(EmbeddingFormat format) throws IOException {
        Path file = folder.resolve("no/such/folder" + format.ending());
        InputException refusal =
                assertThrows(
                        InputException.class, () -> format.write(EmbeddingTables.numbered(), file));
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
