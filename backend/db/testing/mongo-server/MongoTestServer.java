import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A server of MongoDB's protocol in memory, for tests: says its port, and ends with its standard input. With the argument
 * "streams" it keeps the log that change streams read, as a replica set does.
 */
public class MongoTestServer {
  public static void main(String[] args) throws Exception {
    MemoryBackend backend = new MemoryBackend();
    // The oldest version that the driver talks to.
    backend.version(
        new MongoVersion() {
          public List<Integer> getVersionArray() {
            return List.of(4, 4, 0);
          }

          public int getWireVersion() {
            return 9;
          }
        });
    MongoServer server = new MongoServer(backend);
    if (args.length > 0 && args[0].equals("streams")) server.enableOplog();
    server.bind(new InetSocketAddress("127.0.0.1", 0));
    System.out.println(server.getLocalAddress().getPort());
    while (System.in.read() != -1) {}
    server.shutdownNow();
    System.exit(0);
  }
}
