package org.centerloss.report.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.centerloss.base.ImageLibrary;
import org.centerloss.report.theme.Theme;

/**
 * A GIF that repeats for ever, with one palette for all frames, so that no colour flickers. The
 * palette has steps from the background to each of the given colours.
 */
final class AnimatedGif implements AutoCloseable {
    private static final int PALETTE = 256;

    /** Colours are looked up by their 5 upper bits per channel. */
    private static final int LOOKUP_BITS = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes);
    private final ImageWriter writer = ImageLibrary.writer("gif");
    private final IndexColorModel palette;
    private final short[] nearest = new short[1 << 3 * LOOKUP_BITS];
    private boolean empty = true;

    /**
     * @param colors what the frames are drawn with
     */
    AnimatedGif(Theme theme, List<Color> colors) {
        palette = palette(theme, colors);
        Arrays.fill(nearest, (short) -1);
        writer.setOutput(stream);
        try {
            writer.prepareWriteSequence(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IndexColorModel palette(Theme theme, List<Color> colors) {
        int steps = (PALETTE - 1) / colors.size();
        int[] entries = new int[PALETTE];
        Arrays.fill(entries, theme.background().getRGB());
        int next = 1;
        for (Color color : colors) {
            for (int step = 1; step <= steps; step++) {
                entries[next++] = theme.blend(color, (double) step / steps).getRGB();
            }
        }
        return new IndexColorModel(8, PALETTE, entries, 0, false, -1, DataBuffer.TYPE_BYTE);
    }

    /**
     * Adds a frame.
     *
     * @param frame of the type {@link BufferedImage#TYPE_INT_RGB}
     * @param milliseconds for which it stands; rounded to hundredths of a second
     */
    void add(BufferedImage frame, int milliseconds) {
        BufferedImage indexed = indexed(frame);
        try {
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(new ImageTypeSpecifier(indexed), null);
            String format = metadata.getNativeMetadataFormatName();
            IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
            IIOMetadataNode control = child(root, "GraphicControlExtension");
            control.setAttribute("disposalMethod", "none");
            control.setAttribute("userInputFlag", "FALSE");
            control.setAttribute("transparentColorFlag", "FALSE");
            control.setAttribute("transparentColorIndex", "0");
            control.setAttribute("delayTime", String.valueOf((milliseconds + 5) / 10));
            if (empty) {
                child(root, "ApplicationExtensions").appendChild(endless());
                empty = false;
            }
            metadata.setFromTree(format, root);
            writer.writeToSequence(new IIOImage(indexed, null, metadata), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        IIOMetadataNode node = new IIOMetadataNode(name);
        root.appendChild(node);
        return node;
    }

    /** Netscape's extension: block 1 with the number of repetitions, 0 for no end. */
    private static IIOMetadataNode endless() {
        IIOMetadataNode extension = new IIOMetadataNode("ApplicationExtension");
        extension.setAttribute("applicationID", "NETSCAPE");
        extension.setAttribute("authenticationCode", "2.0");
        extension.setUserObject(new byte[] {1, 0, 0});
        return extension;
    }

    private BufferedImage indexed(BufferedImage frame) {
        BufferedImage indexed =
                new BufferedImage(
                        frame.getWidth(),
                        frame.getHeight(),
                        BufferedImage.TYPE_BYTE_INDEXED,
                        palette);
        int[] from = ((DataBufferInt) frame.getRaster().getDataBuffer()).getData();
        byte[] to = ((DataBufferByte) indexed.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < from.length; i++) {
            to[i] = (byte) index(from[i]);
        }
        return indexed;
    }

    private int index(int rgb) {
        if ((rgb & 0xFFFFFF) == (palette.getRGB(0) & 0xFFFFFF)) {
            return 0;
        }
        int drop = 8 - LOOKUP_BITS;
        int red = rgb >> 16 & 0xFF;
        int green = rgb >> 8 & 0xFF;
        int blue = rgb & 0xFF;
        int slot = (red >> drop << LOOKUP_BITS | green >> drop) << LOOKUP_BITS | blue >> drop;
        if (nearest[slot] < 0) {
            int best = Integer.MAX_VALUE;
            for (int i = 0; i < PALETTE; i++) {
                int r = palette.getRed(i) - red;
                int g = palette.getGreen(i) - green;
                int b = palette.getBlue(i) - blue;
                if (r * r + g * g + b * b < best) {
                    best = r * r + g * g + b * b;
                    nearest[slot] = (short) i;
                }
            }
        }
        return nearest[slot];
    }

    /** Ends the file and returns it. */
    byte[] finish() {
        try {
            writer.endWriteSequence();
            stream.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        writer.dispose();
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
