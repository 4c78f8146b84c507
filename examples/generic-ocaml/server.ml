(* Answers every request with the stanza that its path names. *)
let stanzas = [ ("/health", "{\"status\": \"healthy\"}"); ("/", "one\ntwo"); ("/one", "the first") ]

let answer client body status =
  let text =
    Printf.sprintf "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n"
      status (String.length body + 1) body
  in
  ignore (Unix.write_substring client text 0 (String.length text))

let serve client =
  let buffer = Bytes.create 4096 in
  let length = Unix.read client buffer 0 4096 in
  match String.split_on_char ' ' (Bytes.sub_string buffer 0 length) with
  | _ :: path :: _ -> (
      match List.assoc_opt path stanzas with
      | Some body -> answer client body "200 OK"
      | None -> answer client "nothing there" "404 Not Found")
  | _ -> ()

let () =
  let server = Unix.socket Unix.PF_INET Unix.SOCK_STREAM 0 in
  Unix.setsockopt server Unix.SO_REUSEADDR true;
  Unix.bind server (Unix.ADDR_INET (Unix.inet_addr_any, 8080));
  Unix.listen server 16;
  Sys.set_signal Sys.sigterm (Sys.Signal_handle (fun _ -> exit 0));
  Sys.set_signal Sys.sigpipe Sys.Signal_ignore;
  print_endline "listening on 8080";
  while true do
    let client, _ = Unix.accept server in
    (try serve client with Unix.Unix_error _ -> ());
    Unix.close client
  done
