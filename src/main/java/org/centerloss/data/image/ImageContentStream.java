package org.centerloss.data.image;

import java.io.IOException;
import java.util.Objects;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An image file's content for a decoder. Some decoders take what lies past the end for zeros, and
 * of a damaged file that claims to be large they would make such pixels for minutes: one that keeps
 * on reading there is stopped.
 */
final class ImageContentStream extends ImageInputStreamImpl {
    /** Decoders that read ahead of what they need do so a few times. */
    private static final int MOST_READS_PAST_THE_END = 10_000;

    private final byte[] content;
    private int readsPastTheEnd;

    ImageContentStream(byte[] content) {
        this.content = content;
    }

    @Override
    public int read() throws IOException {
        checkClosed();
        bitOffset = 0;
        return streamPos < content.length ? content[(int) streamPos++] & 0xff : pastTheEnd();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        checkClosed();
        Objects.checkFromIndexSize(offset, length, bytes.length);
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        int count = (int) Math.min(length, content.length - streamPos);
        if (count <= 0) {
            return pastTheEnd();
        }
        System.arraycopy(content, (int) streamPos, bytes, offset, count);
        streamPos += count;
        return count;
    }

    private int pastTheEnd() throws IOException {
        if (++readsPastTheEnd > MOST_READS_PAST_THE_END) {
            throw new IOException("ends too early");
        }
        return -1;
    }

    @Override
    public boolean isCached() {
        return true;
    }

    @Override
    public boolean isCachedMemory() {
        return true;
    }
}
