package org.centerloss.data.folder;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.centerloss.data.image.ImageFormatsTest;
import org.centerloss.data.image.Images;
import org.centerloss.data.image.MarkedImages;
import org.centerloss.data.image.WebpImages;

/**
 * A folder of images as people have them: many classes of three, folders in folders, every format
 * and mark, broken files, links, hidden things, names of every kind.
 *
 * @param root its classes are in here
 */
public record PhotoFolder(Path root) {
    public static final int SMALL_CLASSES = 1200;

    /** The images of the class {@code formats} that show the same, each in its own way. */
    public static final List<String> ALIKE =
            List.of(
                    "exif1.png",
                    "exif2.png",
                    "exif3.png",
                    "exif4.png",
                    "exif5.png",
                    "exif6.png",
                    "exif7.png",
                    "exif8.png",
                    "deep/deep16.png",
                    "deep/palette.png",
                    "deep/tiff.tif");

    /** Of all classes, those that cannot be read. */
    public static final List<String> BROKEN =
            List.of("formats/cut.jpg", "formats/empty.png", "formats/text.jpg", "links/lost.png");

    /** Classes with names beyond ASCII; the first two are no UTF-8 on disk. */
    public static final List<String> NAMED =
            List.of("caf\u00e8", "caf\u00e9", "na\u00efve", "\u732b");

    private static final int SIDE = 12;

    /** Makes it. */
    public static PhotoFolder write(Path root) throws IOException, InterruptedException {
        PhotoFolder folder = new PhotoFolder(root);
        Random random = new Random(7);
        for (int i = 0; i < SMALL_CLASSES; i++) {
            folder.noise("c%04d".formatted(i), 3, random);
        }
        folder.noise("nested/a/b/c", 3, random);
        folder.noise("nested/a", 3, random);
        folder.formats(random);
        folder.links(random);
        folder.hidden(random);
        folder.names(random);
        return folder;
    }

    /** How many image files are to be found, the broken ones among them. */
    public static int images() {
        return 3 * SMALL_CLASSES + 6 + ALIKE.size() + 3 + 3 + BROKEN.size() + 3 * NAMED.size();
    }

    private static BufferedImage noise(Random random) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.getRaster().setSample(i % SIDE, i / SIDE, 0, random.nextInt(256));
        }
        return image;
    }

    private void noise(String folder, int count, Random random) {
        for (int i = 0; i < count; i++) {
            Images.write(root.resolve(folder).resolve(i + ".png"), noise(random));
        }
    }

    private void formats(Random random) throws IOException {
        BufferedImage image = noise(random);
        Path formats = Files.createDirectories(root.resolve("formats/deep")).getParent();
        for (int mark = 1; mark <= 8; mark++) {
            Files.write(
                    formats.resolve("exif%d.png".formatted(mark)),
                    MarkedImages.png(
                            held(image, mark), MarkedImages.exif(mark, ByteOrder.BIG_ENDIAN)));
        }
        BufferedImage deep = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY);
        byte[] levels = new byte[256];
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
        }
        BufferedImage palette =
                new BufferedImage(
                        SIDE,
                        SIDE,
                        BufferedImage.TYPE_BYTE_INDEXED,
                        new IndexColorModel(8, 256, levels, levels, levels));
        for (int i = 0; i < SIDE * SIDE; i++) {
            int level = image.getRaster().getSample(i % SIDE, i / SIDE, 0);
            deep.getRaster().setSample(i % SIDE, i / SIDE, 0, 257 * level);
            palette.getRaster().setSample(i % SIDE, i / SIDE, 0, level);
            pixels[i] = (byte) level;
        }
        Images.write(formats.resolve("deep/deep16.png"), deep);
        Images.write(formats.resolve("deep/palette.png"), palette);
        Files.write(
                formats.resolve("deep/tiff.tif"),
                MarkedImages.tiff(SIDE, SIDE, pixels, 1, ByteOrder.LITTLE_ENDIAN));
        Files.write(
                formats.resolve("cmyk.jpg"), ImageFormatsTest.fourComponents(0, 200, 100, 50, 255));
        Files.write(
                formats.resolve("ycck.JPG"), ImageFormatsTest.fourComponents(2, 131, 170, 74, 255));
        Files.write(
                formats.resolve("web.webp"),
                WebpImages.lossless(SIDE, SIDE, 0xff0a141e, 0xffc86432));
        byte[] jpeg = MarkedImages.encoded(noise(random), "jpeg");
        Files.write(formats.resolve("cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        Files.write(formats.resolve("empty.png"), new byte[0]);
        Files.writeString(formats.resolve("text.jpg"), "not a photo");
    }

    /** What a camera stores that was held so that an EXIF mark makes it upright again. */
    private static BufferedImage held(BufferedImage upright, int mark) {
        BufferedImage stored = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        int last = SIDE - 1;
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                int x = mark >= 5 ? row : column;
                int y = mark >= 5 ? column : row;
                boolean mirrored = mark == 2 || mark == 3 || mark == 7 || mark == 8;
                boolean upsideDown = mark == 3 || mark == 4 || mark == 6 || mark == 7;
                stored.getRaster()
                        .setSample(
                                mirrored ? last - x : x,
                                upsideDown ? last - y : y,
                                0,
                                upright.getRaster().getSample(column, row, 0));
            }
        }
        return stored;
    }

    private void links(Random random) throws IOException {
        Path elsewhere = root.resolveSibling("elsewhere");
        for (int i = 0; i < 3; i++) {
            Images.write(elsewhere.resolve("album/" + i + ".png"), noise(random));
        }
        Path links = Files.createDirectories(root.resolve("links"));
        Files.createSymbolicLink(
                Files.createDirectories(links.resolve("more")).resolve("album"),
                elsewhere.resolve("album"));
        Files.createSymbolicLink(links.resolve("lost.png"), elsewhere.resolve("nothing.png"));
        Files.createSymbolicLink(links.resolve("up"), root);
        Files.createSymbolicLink(elsewhere.resolve("album/round"), elsewhere);
    }

    private void hidden(Random random) throws IOException {
        noise("nested/.thumbnails", 2, random);
        noise("c0000/@eaDir/0.png", 2, random);
        noise("__MACOSX/c0000", 2, random);
        noise("c0001/.ipynb_checkpoints", 2, random);
        Files.write(root.resolve(".DS_Store"), new byte[3]);
        Files.write(root.resolve("c0002/._0.png"), new byte[3]);
        Files.writeString(root.resolve("c0003/notes.txt"), "about these");
    }

    /** Renamed by a shell, since the JVM's locale may have no such names. */
    private void names(Random random) throws IOException, InterruptedException {
        List<String> bytes = List.of("caf\\xe8", "caf\\xe9", "na\\xc3\\xafve", "\\xe7\\x8c\\xab");
        List<String> script = new ArrayList<>(List.of("set -e"));
        for (int i = 0; i < bytes.size(); i++) {
            noise("named" + i, 3, random);
            script.add("mv named%d $'%s'".formatted(i, bytes.get(i)));
        }
        script.add("mv $'caf\\xe8/0.png' $'caf\\xe8/\\xfc.png'");
        Process shell =
                new ProcessBuilder("bash", "-c", String.join("\n", script))
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (shell.waitFor() != 0) {
            throw new IOException(output);
        }
    }
}
