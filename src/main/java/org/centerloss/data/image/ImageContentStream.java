package org.centerloss.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image file's content for a decoder. Some decoders take what lies past the end for zeros, and
 * of a damaged file that claims to be large they would make such pixels for minutes: one that keeps
 * on reading there is stopped.
 */
final class ImageContentStream extends MemoryCacheImageInputStream {
    /** Decoders that read ahead of what they need do so a few times. */
    private static final int MOST_READS_PAST_THE_END = 10_000;

    private int readsPastTheEnd;

    ImageContentStream(byte[] content) {
        super(new ByteArrayInputStream(content));
    }

    @Override
    public int read() throws IOException {
        return counted(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return counted(super.read(bytes, offset, length));
    }

    private int counted(int result) throws IOException {
        if (result < 0 && ++readsPastTheEnd > MOST_READS_PAST_THE_END) {
            throw new IOException("ends too early");
        }
        return result;
    }
}
