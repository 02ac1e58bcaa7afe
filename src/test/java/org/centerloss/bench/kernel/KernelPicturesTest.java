package org.centerloss.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.centerloss.base.InputException;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Timing;
import org.centerloss.device.instrument.Peaks;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelPicturesTest {
    private static final Peaks PEAKS = new Peaks(1e10, 1e11);

    @TempDir private Path folder;

    private static KernelRow row(KernelOp op, Variant variant, KernelShape shape, double seconds) {
        return new KernelRow(
                new KernelRow.Key(op, shape, op.completePass(), variant),
                KernelRow.Status.PASS,
                "",
                new Timing(seconds, seconds, seconds, 3, List.of(seconds)),
                1e6,
                1e5 * shape.batch(),
                0,
                OptionalInt.empty(),
                0,
                1);
    }

    private static int pixels(Path file, int color) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xFFFFFF) == color ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void aPictureForEachVariedOperationAndARoofline() throws IOException {
        List<KernelRow> rows = new ArrayList<>();
        for (int m = 32; m <= 2048; m *= 2) {
            KernelShape shape = new KernelShape(m, 2, 10);
            rows.add(row(KernelOp.CENTER_LOSS, Variant.FUSED, shape, 1e-7 * m));
            rows.add(row(KernelOp.CENTER_LOSS, Variant.COMPOSED, shape, 1e-8 * m * m));
        }
        KernelShape alone = new KernelShape(64, 2, 10);
        rows.add(row(KernelOp.NEAREST_CENTER, Variant.NAIVE, alone, 1e-5));
        KernelPictures pictures = new KernelPictures(folder.resolve("new/pictures"), "a device");
        pictures.requirePossible();
        List<Path> files = pictures.write(rows, PEAKS);
        assertEquals(
                List.of("center-loss.png", "roofline.png"),
                files.stream().map(file -> file.getFileName().toString()).toList());
        int fused = 0x0B62C4;
        int composed = 0xD95F02;
        int naive = 0x6B6B6B;
        assertTrue(pixels(files.get(0), fused) > 1000);
        assertTrue(pixels(files.get(0), composed) > 1000);
        assertTrue(pixels(files.get(1), naive) > 100);
    }

    @Test
    void withoutTimesThereIsNothingToDraw() {
        assertEquals(List.of(), new KernelPictures(folder, "a device").write(List.of(), PEAKS));
    }

    @Test
    void aFileIsNoFolderForPictures() throws IOException {
        Path file = Files.createFile(folder.resolve("file.png"));
        KernelPictures pictures = new KernelPictures(file, "a device");
        InputException refused = assertThrows(InputException.class, pictures::requirePossible);
        assertTrue(refused.getMessage().contains("expected a folder"), refused.getMessage());
    }

    /** Stands for the program on a machine that has no fonts. */
    static final class Fontless {
        public static void main(String[] args) {
            try {
                new KernelPictures(Path.of(args[0]), "a device").requirePossible();
                System.out.println("fonts");
            } catch (InputException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void whereThereAreNoFontsOneLineSaysWhatToInstall() throws IOException, InterruptedException {
        Path configuration = folder.resolve("fonts.conf");
        Files.writeString(configuration, "<fontconfig><dir>" + folder + "</dir></fontconfig>");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // Java remembers what fonts it has found.
                        "-Duser.home=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Fontless.class.getName(),
                        folder.toString());
        builder.environment().put("FONTCONFIG_FILE", configuration.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        Assumptions.assumeFalse(said.startsWith("fonts"), "this Java brings fonts of its own");
        assertTrue(said.startsWith("pictures need fonts, and Java finds none ("), said);
        assertTrue(said.contains("install fontconfig"), said);
        assertEquals(1, said.lines().count(), said);
    }
}
