package org.centerloss.data.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.image.Images;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names are given by bash, since the JVM of the tests may not be able to. */
class FileNamesTest {
    @TempDir private Path folder;

    private void bash(String script) throws IOException, InterruptedException {
        Process bash =
                new ProcessBuilder("bash", "-ec", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), output);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(FileNames::of).sorted().toList();
        }
    }

    @Test
    void bytesAreReadAsUtf8OrElseAsLatin1() throws Exception {
        bash("mkdir $'caf\\xe9' $'caf\\xe8' $'\\xe7\\x8c\\xab' 'a %41+b' $'50%\\xfc'");
        assertEquals(List.of("50%\u00fc", "a %41+b", "caf\u00e8", "caf\u00e9", "\u732b"), names());
    }

    @Test
    void accentsOfTheirOwnAreComposed() throws Exception {
        bash("touch $'e\\xcc\\x81.png'");
        assertEquals(List.of("\u00e9.png"), names());
    }

    @Test
    void classesOfOneNameInDifferentBytesAreRefused() throws Exception {
        for (String pair : List.of("caf\\xe9 caf\\xc3\\xa9", "caf\\xc3\\xa9 cafe\\xcc\\x81")) {
            for (String name : pair.split(" ")) {
                Images.gray(folder.resolve("new/a.png"), 4, 3, 1);
                bash("mv new $'%s'".formatted(name));
            }
            Refusal.of(
                    () -> ImageFolder.read(folder, DatasetOptions.DEFAULT),
                    folder + ": two folders for one class caf\u00e9",
                    "rename one");
            bash("rm -r caf*");
        }
    }

    @Test
    void imagesOfOneNameInDifferentBytesAreRefused() throws Exception {
        Images.gray(folder.resolve("ants/a.png"), 4, 3, 1);
        Images.gray(folder.resolve("ants/b.png"), 4, 3, 1);
        bash("mv ants/a.png $'ants/\\xe9.png'; mv ants/b.png $'ants/\\xc3\\xa9.png'");
        Refusal.of(
                () -> ImageFolder.read(folder, DatasetOptions.DEFAULT),
                folder.resolve("ants") + ": two images of one name \u00e9.png");
    }
}
