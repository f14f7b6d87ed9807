curl https://www.blastiq.com/identity/connect/token `
  -d grant_type=password
