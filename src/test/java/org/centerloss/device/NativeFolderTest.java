package org.centerloss.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.centerloss.base.UserCache;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared libraries are never loaded from where somebody else could have put others. */
class NativeFolderTest {
    /** Nobody can make a folder in it. */
    private static final Path UNWRITABLE = Path.of("/proc/none");

    private static final int ANOTHER_USER = 12_345;

    @TempDir private Path folder;
    private Path cache;
    private Path temporary;

    @BeforeEach
    void prepare() throws IOException {
        folder = folder.toRealPath();
        cache = folder.resolve("cache");
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    private Path make() {
        return NativeFolder.make(Map.of("XDG_CACHE_HOME", folder.toString()), temporary);
    }

    private String refusal(Path asked) {
        return assertThrows(
                        DeviceException.class,
                        () ->
                                NativeFolder.make(
                                        Map.of(UserCache.VARIABLE, asked.toString()), temporary))
                .getMessage();
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static void give(Path file) throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"));
        Files.setAttribute(file, "unix:uid", ANOTHER_USER);
    }

    private void assertPassing(Path made) throws IOException {
        assertTrue(made.startsWith(temporary), made.toString());
        assertPrivate(made);
    }

    private static void assertPrivate(Path made) throws IOException {
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }

    @Test
    void itIsAPrivateFolderInTheCache() throws IOException {
        Path made = make();
        assertEquals(folder.resolve("centerloss/native"), made);
        assertPrivate(made);
        permit(made, "rwxrwxrwx");
        assertEquals(made, make());
        assertPrivate(made);
    }

    @Test
    void whatOthersCouldHavePutThereIsDeleted() throws IOException {
        Path planted = Files.writeString(make().resolve("liba.so"), "planted");
        permit(planted.getParent(), "rwxrwxr-x");
        assertEquals(planted.getParent(), make());
        assertFalse(Files.exists(planted));
        Path own = Files.writeString(planted, "own");
        permit(own.getParent(), "rwxr-xr-x");
        assertEquals(own.getParent(), make());
        assertTrue(Files.exists(own));
        assertPrivate(own.getParent());
    }

    @Test
    void temporaryFilesThatEverybodyCanRenameAreNoPlaceForLibraries() throws IOException {
        permit(temporary, "rwxrwxrwx");
        String message =
                assertThrows(
                                DeviceException.class,
                                () ->
                                        NativeFolder.make(
                                                Map.of("XDG_CACHE_HOME", UNWRITABLE.toString()),
                                                temporary))
                        .getMessage();
        assertTrue(message.contains(temporary + " can be changed by everybody"), message);
        Files.setAttribute(temporary, "unix:mode", 01777);
        assertPassing(
                NativeFolder.make(Map.of("XDG_CACHE_HOME", UNWRITABLE.toString()), temporary));
    }

    @Test
    void aFolderThatAnotherUserMadeIsNotUsed() throws IOException {
        give(Files.createDirectories(folder.resolve("centerloss/native")));
        assertPassing(make());
        give(Files.createDirectories(cache.resolve("native")));
        assertTrue(refusal(cache).contains(cache + "/native: belongs to "), refusal(cache));
    }

    @Test
    void aFolderInOneThatOthersCanChangeIsNotUsed() throws IOException {
        Files.createDirectories(cache);
        permit(cache, "rwxrwxrwx");
        assertTrue(refusal(cache).contains(cache + " can be changed by everybody"), refusal(cache));
        permit(cache, "rwxr-xr-x");
        give(cache);
        assertTrue(refusal(cache).contains(cache + " belongs to "), refusal(cache));
    }

    @Test
    void aLinkIsJudgedByWhereItLeads() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createDirectories(cache);
        Files.createSymbolicLink(cache.resolve("native"), other);
        Map<String, String> environment = Map.of(UserCache.VARIABLE, cache.toString());
        assertEquals(other, NativeFolder.make(environment, temporary));
        give(other);
        assertTrue(refusal(cache).contains("belongs to "), refusal(cache));
    }

    @Test
    void withoutACacheItIsAmongTheTemporaryFilesUnderANewName() throws IOException {
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", UNWRITABLE.toString());
        Path made = NativeFolder.make(environment, temporary);
        assertPassing(made);
        assertFalse(made.equals(NativeFolder.make(environment, temporary)));
    }

    @Test
    void whatCannotBeWrittenIsNamedWithTheRemedy() {
        String asked = refusal(UNWRITABLE);
        assertTrue(asked.contains("(/proc/none/native: "), asked);
        assertTrue(asked.endsWith("name a folder of your own by CENTERLOSS_CACHE"), asked);
        String both =
                assertThrows(
                                DeviceException.class,
                                () ->
                                        NativeFolder.make(
                                                Map.of("XDG_CACHE_HOME", UNWRITABLE.toString()),
                                                Path.of("/proc/temporary")))
                        .getMessage();
        assertTrue(both.contains("(/proc/none/centerloss/native: "), both);
        assertTrue(both.contains("; /proc/temporary: "), both);
    }
}
