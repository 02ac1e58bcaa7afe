package org.centerloss.bench;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.centerloss.InputException;
import org.centerloss.device.Peaks;

/**
 * Pictures of a run: for each operation its time against each size that was varied, and one
 * roofline for all.
 */
public final class KernelPictures {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 640;
    private static final int ROOFLINE_WIDTH = 1200;
    private static final int ROOFLINE_HEIGHT = 860;
    private static final int HEADER = 44;
    private static final int FOOTER = 40;

    private final Path folder;
    private final String device;

    /**
     * @param folder where pictures go, made where it is missing
     * @param device what the run ran on, to stand below each picture
     */
    public KernelPictures(Path folder, String device) {
        this.folder = folder;
        this.device = device;
        System.setProperty("java.awt.headless", "true");
    }

    /**
     * Finds out before the work whether pictures can be made after it.
     *
     * @throws InputException if not
     */
    public void requirePossible() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(
                    folder + ": expected a folder for pictures: " + e.getMessage(), e);
        }
        if (!Files.isWritable(folder)) {
            throw new InputException(folder + ": may not be written");
        }
        try {
            Graphics2D graphics =
                    new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            graphics.drawString("m", 0, 1);
            graphics.dispose();
        } catch (RuntimeException | Error e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new InputException(
                    "pictures need fonts, and Java finds none (%s); install fontconfig and a font such as DejaVu, or leave --plot out"
                            .formatted(root.getMessage()),
                    e);
        }
    }

    /** Writes every picture and returns their files. */
    public List<Path> write(List<KernelRow> rows, Peaks peaks) {
        List<Path> files = new ArrayList<>();
        for (KernelOp op : KernelOp.values()) {
            List<LogChart> charts = KernelCharts.times(op, rows);
            if (!charts.isEmpty()) {
                String heading = KernelCharts.heading(op, rows);
                files.add(paint(op.key(), heading, charts, WIDTH, HEIGHT));
            }
        }
        if (rows.stream().anyMatch(row -> row.timing() != null)) {
            List<LogChart> roofline = List.of(KernelCharts.roofline(rows, peaks));
            files.add(paint("roofline", "Roofline", roofline, ROOFLINE_WIDTH, ROOFLINE_HEIGHT));
        }
        return files;
    }

    /** Charts side by side above a line that says what they were measured on. */
    private Path paint(String name, String heading, List<LogChart> charts, int width, int height) {
        BufferedImage image =
                new BufferedImage(
                        width * charts.size(),
                        HEADER + height + FOOTER,
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < charts.size(); i++) {
            charts.get(i).draw(graphics, new Rectangle(i * width, HEADER, width, height));
        }
        graphics.setColor(Color.DARK_GRAY);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        graphics.drawString(device, 20, HEADER + height + FOOTER / 2);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 22));
        graphics.drawString(heading, 20, HEADER - 10);
        graphics.dispose();
        Path file = folder.resolve(name + ".png");
        try {
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written: " + e.getMessage(), e);
        }
        return file;
    }
}
