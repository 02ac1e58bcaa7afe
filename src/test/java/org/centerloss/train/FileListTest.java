package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.Part;
import org.centerloss.data.folder.DataFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileListTest {
    private static final String SHA = "0123456789abcdef".repeat(4);
    private static final List<DataFile> FILES =
            List.of(
                    new DataFile(Part.TRAIN, "a, \"b\"", "a, \"b\"/line\nfeed.png", 3L << 40, SHA),
                    new DataFile(Part.VALIDATION, "\u732b", "\u732b/ \u00e9 .png", 1, SHA),
                    new DataFile(Part.TEST, "=1+1", "=1+1/#.png", 0, SHA),
                    new DataFile(null, "x", "x/empty.png", 0, ""),
                    new DataFile(null, "x", "x/copy.png", 7, SHA));

    @TempDir private Path folder;

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), content);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FileList.write(FILES, out);
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("part,class,file,bytes,sha256\ntrain,\"a, \"\"b\"\"\","), text);
        assertTrue(text.contains("\nskipped,x,x/empty.png,0,\n"), text);
        assertEquals(FILES, FileList.read(write(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "part;class;file;bytes | line 1, column part: expected part,class,file,bytes,sha256",
                "HEAD | expected a line for each image, found none",
                "HEAD train;x;y;1 | line 2, column part: expected 5 cells",
                "HEAD best;x;y;1;SHA | line 2, column part: expected train, validation, test or skipped, found 'best'",
                "HEAD train;;y;1;SHA | line 2, column class: expected the name of a class, found ''",
                "HEAD train;x;y;-1;SHA | line 2, column bytes: expected a number of bytes, found '-1'",
                "HEAD train;x;y;1;aa | line 2, column sha256: expected a SHA-256 of 64 hexadecimal digits",
                "HEAD train;x;y;1; | line 2, column sha256: expected a SHA-256",
                "HEAD test;x;y;1;SHA test;x;y;1;SHA | line 3, column file: expected every file once, found 'y'",
            })
    void aDamagedListIsRefusedByLineAndColumn(String content, String expected) throws IOException {
        Path file =
                write(
                        content.replace("HEAD", "part,class,file,bytes,sha256")
                                .replace("SHA", SHA)
                                .replace(';', ',')
                                .replace(' ', '\n'));
        String message = assertThrows(InputException.class, () -> FileList.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": " + expected), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = Files.write(folder.resolve("data.csv"), new byte[] {'p', (byte) 0xff, 1});
        String message = assertThrows(InputException.class, () -> FileList.read(file)).getMessage();
        assertEquals(file + ": expected lines of text, found other bytes", message);
    }

    @Test
    void aRunWithoutAListHasNoFilesAndACheckpointsListIsThatOfItsRun() throws IOException {
        assertEquals(List.of(), RunDirectory.files(folder));
        Path run = folder.resolve("run");
        try (RunDirectory directory = RunDirectory.create(run)) {
            directory.keepFiles(FILES);
            directory.keepFiles(List.of());
        }
        Files.writeString(run.resolve("config.json"), "{}");
        assertEquals(FILES, RunDirectory.files(run));
        assertEquals(FILES, RunDirectory.files(RunDirectory.best(run)));
        assertEquals(List.of(), RunDirectory.files(folder.resolve("best.safetensors")));
    }
}
