package org.centerloss.data.fetch;

/** Told how a download goes; all calls come from the thread that fetches. */
public interface FetchListener {
    /**
     * A mirror has begun to send a file.
     *
     * @param file the file's name
     * @param place the mirror's host
     * @param have bytes that are there from an earlier try
     * @param total bytes of the whole file, −1 where the mirror does not tell
     */
    void started(String file, String place, long have, long total);

    /** So many bytes of the file are there now. */
    void received(long bytes);

    /** The mirror sends no more: the file is whole, or the connection broke. */
    void ended();

    /** What a user should know although fetching goes on, in one line. */
    void notice(String line);
}
